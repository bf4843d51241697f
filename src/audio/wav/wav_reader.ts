// This module is browser compatible.
import { FMT_BYTES, parseFmtChunk } from "./_fmt_chunk.ts";
import { createWholeFrames } from "../_whole_frames.ts";
import { bytesPerFrame } from "../duration.ts";
import { decodeG711 } from "../g711.ts";
import { toInt16 } from "../pcm.ts";
import type { WavAudio, WavFormat } from "./wav_format.ts";

/**
 * Programs that write to a pipe cannot go back and fill in the size. They leave 0, 0xFFFFFFFF, or about the largest size
 * that they dare. The least is that of sox and espeak-ng: 0x7FFFF000, rounded down to whole frames of up to 64 KiB.
 */
const UNKNOWN_SIZE = 0x7ffe0000;

/** Reads a WAV file piece by piece, see {@linkcode createWavReader}. */
export interface WavReader {
  /**
   * Takes the next bytes of the file and returns the audio in them, whole frames only; undefined as long as the header is
   * incomplete.
   *
   * @throws {SyntaxError} when the file is not WAV or its encoding is not supported.
   */
  push(bytes: Uint8Array): WavAudio | undefined;
  /**
   * Says that the file has ended.
   *
   * @throws {SyntaxError} when the file is shorter than it says.
   */
  end(): void;
}

/**
 * Creates a reader of WAV files that come piece by piece: 16-bit PCM, µ-law or A-law, the extensible form included.
 * Chunks other than `fmt ` and `data` are skipped, and so is everything behind the audio. A data size of 0, or one that
 * only a program writing to a pipe would leave, means that the audio goes on to the end.
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
 */
export function createWavReader(): WavReader {
  return new Reader();
}

class Reader implements WavReader {
  /** What the next bytes belong to. `skip` forgets them and `audio` passes them on; the others collect them. */
  #part: "riff" | "chunk" | "fmt" | "skip" | "audio" = "riff";
  #collected = new Uint8Array(12);
  /** Bytes that the part still lacks. */
  #left = 12;
  /** Bytes of the `fmt ` chunk that are of no interest, padding included. */
  #fmtRest = 0;
  #format: WavFormat | undefined;
  #frames = createWholeFrames(1);
  #sizeIsKnown = true;

  push(bytes: Uint8Array): WavAudio | undefined {
    let offset = 0;
    while (this.#part !== "audio") {
      const piece = bytes.subarray(offset, offset + this.#left);
      if (this.#part !== "skip") this.#collected.set(piece, this.#collected.length - this.#left);
      offset += piece.length;
      this.#left -= piece.length;
      if (this.#left > 0) return undefined;
      this.#finishPart();
    }
    const audio = bytes.subarray(offset, Math.min(offset + this.#left, bytes.length));
    this.#left -= audio.length;
    return this.#format && toWavAudio(this.#format, this.#frames.push(audio));
  }

  end(): void {
    if (this.#part === "chunk" && this.#left === 8) {
      throw new SyntaxError(`Cannot read WAV as it has no ${this.#format ? "data" : "fmt"} chunk`);
    }
    if (this.#left > 0 && this.#sizeIsKnown) {
      const part = this.#part === "audio" ? "audio" : "header";
      throw new SyntaxError(`Cannot read WAV as its ${part} is truncated: ${this.#left} bytes are missing`);
    }
  }

  #begin(part: "chunk" | "fmt" | "skip" | "audio", bytes: number): void {
    this.#part = part;
    this.#left = bytes;
    if (part === "chunk" || part === "fmt") this.#collected = new Uint8Array(bytes);
  }

  #finishPart(): void {
    if (this.#part === "chunk") return this.#beginChunk();
    if (this.#part === "riff") checkRiff(this.#collected);
    if (this.#part === "fmt") {
      this.#format = parseFmtChunk(this.#collected);
      if (this.#fmtRest > 0) return this.#begin("skip", this.#fmtRest);
    }
    this.#begin("chunk", 8);
  }

  #beginChunk(): void {
    const id = String.fromCharCode(...this.#collected.subarray(0, 4));
    const size = new DataView(this.#collected.buffer).getUint32(4, true);
    if (id === "data") {
      if (!this.#format) throw new SyntaxError("Cannot read WAV as it has no fmt chunk before its data chunk");
      this.#frames = createWholeFrames(bytesPerFrame(this.#format));
      this.#sizeIsKnown = size > 0 && size < UNKNOWN_SIZE;
      this.#begin("audio", size === 0 || size === 0xffffffff ? Infinity : size);
    } else if (id === "fmt " && !this.#format) {
      const wanted = Math.min(size, FMT_BYTES);
      this.#fmtRest = size + size % 2 - wanted;
      this.#begin("fmt", wanted);
    } else this.#begin("skip", size + size % 2);
  }
}

function checkRiff(header: Uint8Array): void {
  const text = String.fromCharCode(...header);
  if (!text.startsWith("RIFF") || !text.endsWith("WAVE")) {
    throw new SyntaxError(`Cannot read WAV as it must begin with RIFF…WAVE: it begins with ${JSON.stringify(text)}`);
  }
}

function toWavAudio(format: WavFormat, data: Uint8Array): WavAudio {
  return { ...format, data, samples: format.format === "audio/pcm" ? toInt16(data) : decodeG711(data, format.format) };
}
