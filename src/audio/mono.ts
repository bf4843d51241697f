// This module is browser compatible.

/**
 * Mixes interleaved channels into one, as the API requires: each sample is the mean of its frame.
 *
 * @category Audio
 *
 * @param samples PCM16 samples, channels interleaved; a trailing partial frame is ignored.
 * @param channels samples per frame.
 * @throws {RangeError} when `channels` is not a positive integer.
 *
 * @example A stereo recording
 * ```ts
 * import { mixToMono } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(mixToMono(new Int16Array([100, 300, -5, -7]), 2), new Int16Array([200, -6]));
 * ```
 */
export function mixToMono(samples: Int16Array, channels: number): Int16Array<ArrayBuffer> {
  if (!Number.isInteger(channels) || channels < 1) {
    throw new RangeError(`Cannot mix audio as channels must be a positive integer: current value is ${channels}`);
  }
  const mono = new Int16Array(Math.floor(samples.length / channels));
  for (let frame = 0; frame < mono.length; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += samples[frame * channels + channel]!;
    mono[frame] = Math.round(sum / channels);
  }
  return mono;
}
