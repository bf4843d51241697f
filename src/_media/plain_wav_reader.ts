// This module is browser compatible.
import type { AudioEncoding } from "../audio/mod.ts";
import type { WavPiece, WavPieceReader } from "./audio_kit.ts";

/** The audio format in a header. */
type WavFormat = Omit<WavPiece, "data" | "samples">;

/** Encodings by their code in a `fmt ` chunk. */
const ENCODINGS: Readonly<Record<number, AudioEncoding>> = { 1: "audio/pcm", 6: "audio/pcma", 7: "audio/pcmu" };

/** The code for formats whose actual code follows in the extension. */
const EXTENSIBLE = 0xfffe;

/** Largest header that is searched for the audio, in bytes. */
const MAX_HEADER_BYTES = 65_536;

/** Sizes from this one on are placeholders of programs that write to a pipe: the audio extends to the end. */
const UNKNOWN_SIZE = 0x7ffe0000;

/**
 * Reads simple WAV files: one channel of 16-bit PCM or G.711, whose audio needs no conversion. Everything else requires
 * the reader of the audio kit, which is several times as large.
 */
export class PlainWavReader implements WavPieceReader {
  #header = new Uint8Array(0);
  #format: WavFormat | undefined;
  /** Remaining bytes of audio. */
  #left = 0;

  push(bytes: Uint8Array): WavPiece | undefined {
    if (!this.#format) {
      const header = join(this.#header, bytes);
      const start = this.#parse(header);
      if (start === undefined) {
        if (header.length > MAX_HEADER_BYTES) {
          throw new SyntaxError("Cannot read WAV as no audio follows its header");
        }
        this.#header = header;
        return undefined;
      }
      bytes = header.subarray(start);
    }
    const data = bytes.subarray(0, Math.min(this.#left, bytes.length));
    this.#left -= data.length;
    return { ...this.#format!, data, samples: new Int16Array(0) };
  }

  end(): void {
    if (!this.#format) throw new SyntaxError("Cannot read WAV as its header is truncated");
  }

  /** Walks through the chunks of a header; returns the start of the audio, once it has arrived. */
  #parse(bytes: Uint8Array): number | undefined {
    const view = new DataView(bytes.buffer);
    let format: WavFormat | undefined;
    for (let at = 12; at + 8 <= bytes.length;) {
      const id = lettersAt(bytes, at);
      const size = view.getUint32(at + 4, true);
      at += 8;
      if (id === "data") {
        if (!format) throw new SyntaxError("Cannot read WAV as it has no fmt chunk before its data chunk");
        this.#format = format;
        this.#left = size === 0 || size >= UNKNOWN_SIZE ? Infinity : size;
        return at;
      }
      if (id === "fmt ") {
        if (at + size > bytes.length) return undefined;
        format = parseFormat(new DataView(bytes.buffer, at, size));
      }
      at += size + size % 2;
    }
    return undefined;
  }
}

/** The four bytes at a position as letters, such as the name of a chunk. */
export function lettersAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

/** Two pieces as one. */
export function join(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

function parseFormat(chunk: DataView): WavFormat {
  if (chunk.byteLength < 16) throw new SyntaxError("Cannot read WAV as its fmt chunk is truncated");
  const stated = chunk.getUint16(0, true);
  const code = stated === EXTENSIBLE && chunk.byteLength >= 26 ? chunk.getUint16(24, true) : stated;
  const channels = chunk.getUint16(2, true);
  const bits = chunk.getUint16(14, true);
  const format = ENCODINGS[code];
  if (!format || channels !== 1 || bits !== (format === "audio/pcm" ? 16 : 8)) {
    throw new TypeError(
      `Cannot read WAV of ${channels} channels, ${bits} bits and encoding ${code} as audioKit is missing: ` +
        "pass the module @oai-rt/edge/audio",
    );
  }
  return { format, channels, sampleRate: chunk.getUint32(4, true) };
}
