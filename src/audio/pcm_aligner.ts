// This module is browser compatible.
import { transform, unlessEmpty } from "./_transform.ts";
import { createWholeFrames } from "./_whole_frames.ts";
import { toInt16 } from "./pcm.ts";

/**
 * Turns bytes that are cut anywhere into PCM16 samples, see {@linkcode createPcmAligner}.
 *
 * @category Audio
 */
export interface PcmAligner {
  /** Bytes that wait for the other half of their sample: 0 or 1. */
  readonly heldBytes: number;
  /**
   * Takes the next bytes of the stream and returns the complete samples: a view of `bytes` if possible, a copy
   * otherwise.
   */
  push(bytes: Uint8Array): Int16Array;
  /** Discards a held byte, at the end of a stream or before another one. Half a sample is not audio. */
  reset(): void;
}

/**
 * Creates a reader of PCM16 bytes that carries an odd trailing byte over to the next chunk.
 *
 * @category Audio
 *
 * @example A sample cut in two
 * ```ts
 * import { createPcmAligner } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * const aligner = createPcmAligner();
 * assertEquals(aligner.push(new Uint8Array([1, 0, 2])), new Int16Array([1]));
 * assertEquals(aligner.push(new Uint8Array([0])), new Int16Array([2]));
 * ```
 */
export function createPcmAligner(): PcmAligner {
  const frames = createWholeFrames(2);
  return {
    get heldBytes() {
      return frames.heldBytes;
    },
    push: (bytes) => toInt16(frames.push(bytes)),
    reset: () => frames.reset(),
  };
}

/**
 * Creates a stream that converts PCM16 bytes, cut anywhere, to samples. A byte left over at the end is dropped.
 *
 * @category Audio
 */
export function alignPcm(): TransformStream<Uint8Array, Int16Array> {
  const aligner = createPcmAligner();
  return transform({ push: (bytes) => unlessEmpty(aligner.push(bytes)) });
}
