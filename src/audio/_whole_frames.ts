// This module is browser compatible.

/** Cuts bytes at frame boundaries, see {@linkcode createWholeFrames}. */
export interface WholeFrames {
  /** Bytes of the incomplete frame, kept for the next call. */
  readonly heldBytes: number;
  /** Returns whole frames: `bytes` or a view of them when nothing was held, a copy otherwise. */
  push(bytes: Uint8Array): Uint8Array;
  /** Discards the incomplete frame. */
  reset(): void;
}

/** Carries the partial frame at the end of a chunk over to the next. */
export function createWholeFrames(frameBytes: number): WholeFrames {
  const held = new Uint8Array(frameBytes);
  let heldBytes = 0;
  return {
    get heldBytes() {
      return heldBytes;
    },
    push(bytes) {
      const total = heldBytes + bytes.length;
      const rest = total % frameBytes;
      if (heldBytes === 0 && rest === 0) return bytes;
      if (total < frameBytes) {
        held.set(bytes, heldBytes);
        heldBytes = total;
        return new Uint8Array(0);
      }
      let whole = bytes.subarray(0, bytes.length - rest);
      if (heldBytes > 0) {
        whole = new Uint8Array(total - rest);
        whole.set(held.subarray(0, heldBytes));
        whole.set(bytes.subarray(0, bytes.length - rest), heldBytes);
      }
      held.set(bytes.subarray(bytes.length - rest));
      heldBytes = rest;
      return whole;
    },
    reset() {
      heldBytes = 0;
    },
  };
}
