/** Bytes of a frame of 20 ms of µ-law. */
export const FRAME_BYTES = 160;

/** Milliseconds of a frame. */
export const FRAME_MS = 20;

/** A frame that says which one it is. */
export function numberedFrame(number: number): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(FRAME_BYTES).fill(0xff);
  new DataView(frame.buffer).setUint32(0, number);
  return frame;
}

/** Statistics of frames that were sent in order. */
export interface FrameCount {
  /** Frames that came. */
  readonly frames: number;
  /** Frames that never came, in front of one that did. */
  readonly lost: number;
  /** Maximum delay behind real time, in milliseconds. */
  readonly mostLateMs: number;
}

/** Counts numbered frames of one direction of a call, however they are cut into pieces. */
export class FrameCounter {
  #held = new Uint8Array();
  #frames = 0;
  #lost = 0;
  #next = 0;
  #firstAt: number | undefined;
  #mostLateMs = 0;

  /** Adds received bytes, in order. */
  push(bytes: Uint8Array): void {
    const now = performance.now();
    const all = new Uint8Array(this.#held.length + bytes.length);
    all.set(this.#held);
    all.set(bytes, this.#held.length);
    let start = 0;
    for (; start + FRAME_BYTES <= all.length; start += FRAME_BYTES) this.#take(new DataView(all.buffer, start), now);
    this.#held = all.slice(start);
  }

  /** The statistics so far. */
  get count(): FrameCount {
    return { frames: this.#frames, lost: this.#lost, mostLateMs: this.#mostLateMs };
  }

  #take(frame: DataView, now: number): void {
    const number = frame.getUint32(0);
    this.#firstAt ??= now;
    this.#frames++;
    // A frame out of sequence means that others are missing.
    this.#lost += Math.abs(number - this.#next);
    this.#next = number + 1;
    this.#mostLateMs = Math.max(this.#mostLateMs, now - this.#firstAt - number * FRAME_MS);
  }
}

/** All counts together. */
export function sumOf(counts: readonly FrameCount[]): FrameCount {
  return {
    frames: counts.reduce((sum, { frames }) => sum + frames, 0),
    lost: counts.reduce((sum, { lost }) => sum + lost, 0),
    mostLateMs: Math.max(0, ...counts.map(({ mostLateMs }) => mostLateMs)),
  };
}
