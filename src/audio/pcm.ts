// This module is browser compatible.

/**
 * PCM16 is 16-bit linear PCM, little-endian on the wire. The views below use the byte order of the machine. Every
 * supported runtime is little-endian; on a big-endian one, the two bytes of each sample would be swapped.
 */

/**
 * Mono PCM that streams accept: PCM16 bytes, cut anywhere; PCM16 samples; floats with a full scale of 1.
 *
 * @category Audio
 */
export type PcmChunk = Uint8Array | Int16Array | Float32Array;

/** Full scale: the float sample 1.0 is one step above the largest 16-bit sample. */
const FULL_SCALE = 32768;

/**
 * Returns the PCM16 samples in `bytes`: a view of the same memory when the bytes start at an even offset, otherwise a
 * copy, as an `Int16Array` cannot start at an odd one. An odd trailing byte is ignored; {@linkcode createPcmAligner}
 * keeps it for the next chunk.
 *
 * @category Audio
 *
 * @param bytes PCM16, little-endian.
 * @returns `Math.floor(bytes.length / 2)` samples.
 *
 * @example Reading samples that start on an odd address
 * ```ts
 * import { toInt16 } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * const frame = new Uint8Array([9, 0x01, 0x00, 0xff, 0xff]);
 * assertEquals(toInt16(frame.subarray(1)), new Int16Array([1, -1]));
 * ```
 */
export function toInt16(bytes: Uint8Array): Int16Array {
  const { buffer, byteOffset, length } = bytes;
  const count = Math.floor(length / 2);
  if (byteOffset % 2 === 0) return new Int16Array(buffer, byteOffset, count);
  return new Int16Array(new Uint8Array(bytes.subarray(0, count * 2)).buffer);
}

/**
 * Returns the bytes of `samples`, a view of the same memory.
 *
 * @category Audio
 *
 * @param samples PCM16 samples.
 * @returns two bytes per sample, little-endian.
 */
export function toBytes<B extends ArrayBufferLike>(samples: Int16Array<B>): Uint8Array<B> {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

/**
 * Converts PCM16 samples to the floats of Web Audio: each is divided by 32 768, which is exact.
 *
 * @category Audio
 *
 * @param samples PCM16 samples.
 * @returns the same number of samples, from -1 up to but not including 1.
 */
export function pcm16ToFloat32(samples: Int16Array): Float32Array<ArrayBuffer> {
  const floats = new Float32Array(samples.length);
  for (let i = 0; i < samples.length; i++) floats[i] = samples[i]! / FULL_SCALE;
  return floats;
}

/**
 * Converts the floats of Web Audio to PCM16 samples: each is multiplied by 32 768, rounded to the nearest integer (a
 * half rounds up) and clamped to -32 768…32 767; NaN becomes 0. The result of {@linkcode pcm16ToFloat32} converts back
 * unchanged.
 *
 * @category Audio
 *
 * @param samples samples from -1 to 1; louder ones are clipped.
 * @returns the same number of PCM16 samples.
 *
 * @example From a microphone's floats to bytes for the wire
 * ```ts
 * import { float32ToPcm16, toBytes } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * const samples = float32ToPcm16(new Float32Array([0.5, -1, 1, NaN]));
 * assertEquals(samples, new Int16Array([16384, -32768, 32767, 0]));
 * assertEquals(toBytes(samples).length, 8);
 * ```
 */
export function float32ToPcm16(samples: Float32Array): Int16Array<ArrayBuffer> {
  const pcm = new Int16Array(samples.length);
  for (let i = 0; i < samples.length; i++) {
    const raised = samples[i]! * FULL_SCALE + 0.5;
    // A comparison with NaN is false, and an Int16Array stores NaN as 0.
    pcm[i] = raised >= 32767 ? 32767 : raised < -32768 ? -32768 : Math.floor(raised);
  }
  return pcm;
}
