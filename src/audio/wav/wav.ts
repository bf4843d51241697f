// This module is browser compatible.
import { audioBytes } from "../_audio_bytes.ts";
import { type AudioLayout, bytesPerFrame } from "../duration.ts";
import type { WavAudio } from "./wav_format.ts";
import { wavHeader } from "./wav_header.ts";
import { createWavReader, type WavReaderOptions } from "./wav_reader.ts";

/**
 * Reads a WAV file as leniently as players do: PCM of 8 to 32 bits, floats of 32 or 64 bits, µ-law and A-law, including
 * the extensible form and RF64; see {@linkcode createWavReader}. Of a truncated file, the existing audio is returned.
 *
 * @category WAV
 *
 * @param bytes the whole file.
 * @throws {SyntaxError} when the file is not WAV, its encoding is not supported, or it ends before the audio begins;
 * with `strict`, also when it is shorter than its header says or breaks another rule.
 * @throws {TypeError} when an option is unknown.
 *
 * @example There and back
 * ```ts
 * import { readWav, writeWav } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * const file = writeWav(new Int16Array([0, 1000, -1000]), { sampleRate: 24000 });
 * const { sampleRate, channels, samples } = readWav(file);
 * assertEquals({ sampleRate, channels }, { sampleRate: 24000, channels: 1 });
 * assertEquals(samples, new Int16Array([0, 1000, -1000]));
 * ```
 */
export function readWav(bytes: Uint8Array, options: WavReaderOptions = {}): WavAudio {
  const reader = createWavReader(options);
  const wav = reader.push(bytes);
  reader.end();
  return wav!;
}

/**
 * Writes a WAV file.
 *
 * @category WAV
 *
 * @param audio PCM16 samples, which are compressed when `layout.format` is G.711, or bytes that are already in that
 * format. The samples of several channels are interleaved.
 * @param layout layout of the audio; by default mono PCM at 24 kHz.
 * @throws {RangeError} when the audio is not whole frames, or a number does not fit into the header.
 */
export function writeWav(audio: Int16Array | Uint8Array, layout: AudioLayout = {}): Uint8Array<ArrayBuffer> {
  const frameBytes = bytesPerFrame(layout);
  const data = audioBytes(audio, layout);
  if (data.length % frameBytes !== 0) {
    throw new RangeError(
      `Cannot write WAV as the audio must be whole frames of ${frameBytes} bytes: current value is ${data.length}`,
    );
  }
  const header = wavHeader(layout, data.length);
  const file = new Uint8Array(header.length + data.length + data.length % 2);
  file.set(header);
  file.set(data, header.length);
  return file;
}
