// This module is browser compatible.
import { audioBytes } from "../_audio_bytes.ts";
import { type AudioLayout, bytesPerFrame } from "../duration.ts";
import type { WavAudio } from "./wav_format.ts";
import { wavHeader } from "./wav_header.ts";
import { createWavReader } from "./wav_reader.ts";

/**
 * Reads a WAV file: 16-bit PCM, µ-law or A-law, the extensible form included. Chunks other than `fmt ` and `data` are
 * skipped, and so is everything behind the audio. A data size of 0, or one that only a program writing to a pipe would
 * leave, means that the audio goes on to the end.
 *
 * @param bytes the whole file.
 * @throws {SyntaxError} when it is not WAV, its encoding is not supported, or it is shorter than it says.
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
export function readWav(bytes: Uint8Array): WavAudio {
  const reader = createWavReader();
  const wav = reader.push(bytes);
  reader.end();
  return wav!;
}

/**
 * Writes a WAV file.
 *
 * @param audio PCM16 samples, which are compressed when `layout.format` is one of G.711's, or bytes that are in that
 * format already. The samples of several channels are interleaved.
 * @param layout what the audio is; by default mono PCM at 24 kHz.
 * @throws {RangeError} when the audio is not whole frames, or a number does not fit into the header.
 */
export function writeWav(audio: Int16Array | Uint8Array, layout: AudioLayout = {}): Uint8Array<ArrayBuffer> {
  const data = audioBytes(audio, layout);
  const frameBytes = bytesPerFrame(layout);
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
