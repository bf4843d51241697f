// This module is browser compatible.
import { transform, unlessEmpty } from "../_transform.ts";
import type { AudioLayout } from "../duration.ts";
import type { WavAudio } from "./wav_format.ts";
import { createWavReader, type WavReaderOptions } from "./wav_reader.ts";
import { createWavWriter } from "./wav_writer.ts";

/**
 * Creates a stream that converts the bytes of a WAV file to its audio, as {@linkcode createWavReader} does. Every piece
 * repeats the format of the header. A file that is not WAV errors the stream (`SyntaxError`), and with `strict`, so
 * does one that is shorter than its header says.
 *
 * @category WAV
 *
 * @example Sending a file of any sample rate
 * ```ts
 * import { createResampler, readWavStream, type Resampler, writeWav } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * const file = new Blob([writeWav(new Int16Array(1600), { sampleRate: 16000 })]).stream();
 * let resampler: Resampler | undefined;
 * let sent = 0;
 * for await (const { sampleRate, samples } of file.pipeThrough(readWavStream())) {
 *   resampler ??= createResampler({ from: sampleRate, to: 24000 });
 *   sent += resampler.push(samples).length;
 * }
 * sent += resampler?.flush().length ?? 0;
 * assertEquals(sent, 2400);
 * ```
 */
export function readWavStream(options: WavReaderOptions = {}): TransformStream<Uint8Array, WavAudio> {
  const reader = createWavReader(options);
  return transform({
    push(bytes: Uint8Array) {
      const wav = reader.push(bytes);
      return wav && wav.data.length > 0 ? [wav] : [];
    },
    flush() {
      reader.end();
      return [];
    },
  });
}

/**
 * Creates a stream that converts audio, as bytes cut anywhere or as samples, to the bytes of a WAV file, as {@linkcode
 * createWavWriter} does: the header says that the audio extends to the end of the file.
 *
 * @category WAV
 *
 * @param layout layout of the audio; by default mono PCM at 24 kHz. PCM16 samples are compressed when its format is
 * G.711; bytes must already be in that format.
 * @throws {RangeError} when a number does not fit into the header.
 */
export function writeWavStream(layout: AudioLayout = {}): TransformStream<Uint8Array | Int16Array, Uint8Array> {
  const writer = createWavWriter(layout);
  return transform({
    push: (audio: Uint8Array | Int16Array) => unlessEmpty(writer.push(audio)),
    flush: () => unlessEmpty(writer.end()),
  });
}
