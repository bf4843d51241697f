// This module is browser compatible.
import { audioBytes } from "../_audio_bytes.ts";
import { createWholeFrames } from "../_whole_frames.ts";
import { type AudioLayout, bytesPerFrame } from "../duration.ts";
import { wavHeader } from "./wav_header.ts";

/**
 * Writes a WAV file in pieces, see {@linkcode createWavWriter}.
 *
 * @category WAV
 */
export interface WavWriter {
  /** Bytes of audio in the file so far, without its header. */
  readonly dataBytes: number;
  /** Takes the next audio, bytes cut anywhere or samples, and returns the next bytes of the file. */
  push(audio: Uint8Array | Int16Array): Uint8Array;
  /** Returns the end of the file: empty, or the header when there was no audio. A partial frame is dropped. */
  end(): Uint8Array;
}

/**
 * Creates a writer of a WAV file of unknown length: the header says that the audio extends to the end of the file. If
 * the file is seekable, overwrite the header with {@linkcode wavHeader} and the final size.
 *
 * @category WAV
 *
 * @param layout layout of the audio; by default mono PCM at 24 kHz. PCM16 samples are compressed when its format is
 * G.711; bytes must already be in that format.
 * @throws {RangeError} when a number does not fit into the header.
 *
 * @example Filling in the size at the end
 * ```ts
 * import { createWavWriter, readWav, wavHeader } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * const writer = createWavWriter({ sampleRate: 16000 });
 * const file = new Uint8Array(48);
 * file.set(writer.push(new Int16Array([1, 2])));
 * assertEquals(writer.end().length, 0);
 * file.set(wavHeader({ sampleRate: 16000 }, writer.dataBytes));
 * assertEquals(readWav(file).samples, new Int16Array([1, 2]));
 * ```
 */
export function createWavWriter(layout: AudioLayout = {}): WavWriter {
  let header = wavHeader(layout);
  const frames = createWholeFrames(bytesPerFrame(layout));
  let dataBytes = 0;

  function push(audio: Uint8Array | Int16Array): Uint8Array {
    const data = frames.push(audioBytes(audio, layout));
    dataBytes += data.length;
    if (header.length === 0) return data;
    const first = new Uint8Array(header.length + data.length);
    first.set(header);
    first.set(data, header.length);
    header = new Uint8Array(0);
    return first;
  }
  return {
    get dataBytes() {
      return dataBytes;
    },
    push,
    end: () => push(new Uint8Array(0)),
  };
}
