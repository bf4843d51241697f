// This module is browser compatible.

/**
 * Both sides of a piece of a session, sample by sample.
 *
 * @category REST
 */
export interface LiveRecordedPiece {
  /** Samples from the user's side. */
  readonly input: Int16Array<ArrayBuffer>;
  /** Samples from the model. */
  readonly output: Int16Array<ArrayBuffer>;
}

/**
 * Splits the samples of a recording, in which left and right alternate, into those of both sides.
 *
 * @throws {TypeError} when it gets anything else, such as the bytes of the file.
 * @throws {RangeError} when the number of samples is odd.
 * @category REST
 *
 * @example A recording, piece by piece
 * ```ts
 * import { splitRecording } from "@oai-rt/edge/live";
 * import { readWavStream, writeWav } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * // As from `await rest.downloadRecording(id)`.
 * const wav = new Blob([writeWav(new Int16Array([1, -1, 2, -2]), { channels: 2 })]).stream();
 *
 * for await (const { samples } of wav.pipeThrough(readWavStream())) {
 *   const { input, output } = splitRecording(samples);
 *   assertEquals([...input, ...output], [1, 2, -1, -2]);
 * }
 * ```
 */
export function splitRecording(samples: Int16Array): LiveRecordedPiece {
  if (!(samples instanceof Int16Array)) {
    throw new TypeError(
      "Cannot split a recording as its samples must be an Int16Array: read the file with readWavStream()",
    );
  }
  if (samples.length % 2 !== 0) {
    throw new RangeError(
      `Cannot split a recording as its samples must come in pairs: current value has ${samples.length} samples`,
    );
  }
  const input = new Int16Array(samples.length / 2);
  const output = new Int16Array(samples.length / 2);
  for (let index = 0; index < input.length; index++) {
    input[index] = samples[2 * index]!;
    output[index] = samples[2 * index + 1]!;
  }
  return { input, output };
}
