// This module is browser compatible.
import { checkOptions, type OptionNames } from "../../_internal/check_options.ts";
import { createWholeFrames, type WholeFrames } from "../_whole_frames.ts";
import { ChunkScanner } from "./_chunk_scanner.ts";
import type { FmtChunk } from "./_fmt_chunk.ts";
import { readSamples } from "./_stored_samples.ts";
import type { WavAudio } from "./wav_format.ts";

/**
 * Options of {@linkcode createWavReader}, {@linkcode readWav} and {@linkcode readWavStream}.
 *
 * @category WAV
 */
export interface WavReaderOptions {
  /**
   * Whether a file that breaks the rules is rejected. By default, the reader accepts the deviations that players
   * accept: audio that is shorter than the header says, a chunk of odd length without its padding byte, and a block
   * align of 0.
   *
   * @default {false}
   */
  strict?: boolean | undefined;
}

/**
 * Reads a WAV file in pieces, see {@linkcode createWavReader}.
 *
 * @category WAV
 */
export interface WavReader {
  /**
   * Bytes of audio that the header announced and that have not arrived yet; 0 before the audio begins, and when the
   * header does not give the size.
   */
  readonly missingBytes: number;
  /**
   * Takes the next bytes of the file and returns the audio in them, whole frames only; undefined as long as the header is
   * incomplete.
   *
   * @throws {SyntaxError} when the file is not WAV or its encoding is not supported.
   */
  push(bytes: Uint8Array): WavAudio | undefined;
  /**
   * Marks the end of the file.
   *
   * @throws {SyntaxError} when the header is incomplete and, with `strict`, when the audio is.
   */
  end(): void;
}

const OPTION_NAMES: OptionNames<WavReaderOptions> = { strict: 1 };

/**
 * Creates a reader of WAV files that arrive in pieces: PCM of 8 to 32 bits, floats of 32 or 64 bits, µ-law and A-law,
 * including the extensible form and RF64. Chunks other than `fmt ` and `data` are skipped, as is everything after the
 * audio. A data size of 0, or one that only a program writing to a pipe would leave, means that the audio extends to
 * the end.
 *
 * @category WAV
 *
 * @example A file that comes in two pieces
 * ```ts
 * import { createWavReader, writeWav } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * const file = writeWav(new Int16Array([1, 2, 3]), { sampleRate: 16000 });
 * const reader = createWavReader();
 * assertEquals(reader.push(file.subarray(0, 40)), undefined);
 * const piece = reader.push(file.subarray(40));
 * reader.end();
 * assertEquals(piece?.sampleRate, 16000);
 * assertEquals(piece?.samples, new Int16Array([1, 2, 3]));
 * ```
 *
 * @throws {TypeError} when an option is unknown.
 */
export function createWavReader(options: WavReaderOptions = {}): WavReader {
  checkOptions("read WAV", options, OPTION_NAMES);
  const { strict = false } = options;
  const scanner = new ChunkScanner(strict);
  let frames: WholeFrames | undefined;

  function toWavAudio({ format, stored, frameBytes }: FmtChunk, audio: Uint8Array): WavAudio {
    frames ??= createWholeFrames(frameBytes);
    return { ...format, ...readSamples(frames.push(audio), stored) };
  }
  return {
    get missingBytes() {
      return scanner.missingBytes;
    },
    push(bytes) {
      const audio = scanner.push(bytes);
      return audio && scanner.fmt && toWavAudio(scanner.fmt, audio);
    },
    end() {
      scanner.end();
      if (!strict || scanner.missingBytes === 0) return;
      throw new SyntaxError(`Cannot read WAV as its audio is truncated: ${scanner.missingBytes} bytes are missing`);
    },
  };
}
