// This module is browser compatible.
import { beginsWithPadding, isTrailingChunk } from "./_chunk_guess.ts";
import { FMT_BYTES, type FmtChunk, parseFmtChunk } from "./_fmt_chunk.ts";

/** 32-bit size that means that the true size is elsewhere, or unknown. */
const NO_SIZE = 0xffffffff;

/**
 * Programs that write to a pipe cannot go back and fill in the size. They leave 0, 0xFFFFFFFF, or a value near the
 * largest possible size. The smallest such value is that of sox and espeak-ng: 0x7FFFF000, rounded down to whole frames
 * of up to 64 KiB.
 */
const UNKNOWN_SIZE = 0x7ffe0000;

/** Bytes of a `ds64` chunk that are read: the sizes of the file and of the audio. */
const DS64_BYTES = 16;

/**
 * The part that the next bytes belong to: `skip` discards them, `audio` passes them on, and the others collect them.
 */
type Part = "riff" | "chunk" | "ds64" | "fmt" | "skip" | "peek" | "audio";

/** Walks through the chunks of a WAV file that arrives in pieces, to the audio. */
export class ChunkScanner {
  /** The content of the `fmt ` chunk, once it has been read. */
  fmt: FmtChunk | undefined;
  #strict: boolean;
  #part: Part = "riff";
  #collected = new Uint8Array(12);
  /** Missing bytes of the current part. */
  #left = 12;
  /** Bytes to skip after the collected ones. */
  #rest = 0;
  /** Whether the last chunk was of odd length, so that a padding byte should follow. */
  #mayBePadded = false;
  /** Bytes of the file that have been read. */
  #position = 0;
  /** Size of the whole file according to its header; `undefined` when it does not say. */
  #fileBytes: number | undefined;
  /** Size of the audio according to the `ds64` chunk. */
  #longDataBytes: number | undefined;
  #audioSizeIsKnown = false;

  constructor(strict: boolean) {
    this.#strict = strict;
  }

  /** Bytes of announced audio that have not arrived. */
  get missingBytes(): number {
    return this.#part === "audio" && this.#audioSizeIsKnown ? this.#left : 0;
  }

  /** Takes the next bytes and returns the audio in them; `undefined` as long as the header is incomplete. */
  push(bytes: Uint8Array): Uint8Array | undefined {
    let offset = 0;
    while (this.#part !== "audio") {
      if (this.#part === "peek") {
        const seen = this.#peek(bytes.subarray(offset));
        if (seen === undefined) return new Uint8Array(0);
        bytes = seen;
        offset = 0;
        break;
      }
      const piece = bytes.subarray(offset, offset + this.#left);
      if (this.#part !== "skip") this.#collected.set(piece, this.#collected.length - this.#left);
      offset += piece.length;
      this.#position += piece.length;
      this.#left -= piece.length;
      if (this.#left > 0) return undefined;
      this.#finishPart();
    }
    const audio = bytes.subarray(offset, Math.min(offset + this.#left, bytes.length));
    this.#left -= audio.length;
    return audio;
  }

  /** Says that the file has ended. */
  end(): void {
    if (this.#part === "audio" || this.#part === "peek") return;
    if (this.#part === "chunk" && this.#collected.length - this.#left <= Number(this.#mayBePadded)) {
      throw new SyntaxError(`Cannot read WAV as it has no ${this.fmt ? "data" : "fmt"} chunk`);
    }
    throw new SyntaxError(`Cannot read WAV as its header is truncated: ${this.#left} bytes are missing`);
  }

  #begin(part: Part, bytes: number): void {
    this.#part = part;
    this.#left = bytes;
    if (part !== "skip" && part !== "audio") this.#collected = new Uint8Array(bytes);
  }

  #finishPart(): void {
    if (this.#part === "chunk") return this.#finishChunkHeader();
    if (this.#part === "riff") this.#fileBytes = readRiff(this.#collected);
    if (this.#part === "fmt") this.fmt = parseFmtChunk(this.#collected, this.#strict);
    if (this.#part === "ds64") this.#readDs64();
    if (this.#rest === 0) return this.#begin("chunk", 8);
    this.#begin("skip", this.#rest);
    this.#rest = 0;
  }

  #finishChunkHeader(): void {
    if (this.#mayBePadded) {
      this.#mayBePadded = false;
      if (beginsWithPadding(this.#collected)) {
        this.#collected.copyWithin(0, 1);
        this.#left = 1;
        return;
      }
      if (this.#strict) {
        throw new SyntaxError("Cannot read WAV as the padding byte of a chunk of odd length is missing");
      }
    }
    this.#beginChunk(String.fromCharCode(...this.#collected.subarray(0, 4)), uint32(this.#collected, 4));
  }

  #beginChunk(id: string, size: number): void {
    if (id === "data") return this.#beginAudio(size);
    this.#mayBePadded = size % 2 === 1;
    if (id === "fmt " && !this.fmt) this.#collect("fmt", size, FMT_BYTES);
    else if (id === "ds64") this.#collect("ds64", size, DS64_BYTES);
    else this.#begin(size === 0 ? "chunk" : "skip", size || 8);
  }

  #collect(part: "fmt" | "ds64", size: number, most: number): void {
    const wanted = Math.min(size, most);
    this.#rest = size - wanted;
    this.#begin(part, wanted);
    if (wanted === 0) this.#finishPart();
  }

  #readDs64(): void {
    if (this.#collected.length < DS64_BYTES) return;
    this.#fileBytes = uint64(this.#collected, 0) + 8;
    this.#longDataBytes = uint64(this.#collected, 8);
  }

  #beginAudio(size: number): void {
    if (!this.fmt) throw new SyntaxError("Cannot read WAV as it has no fmt chunk before its data chunk");
    const bytes = size === NO_SIZE ? this.#longDataBytes ?? Infinity : size;
    this.#audioSizeIsKnown = size === NO_SIZE ? bytes < Infinity : size < UNKNOWN_SIZE;
    if (size > 0) this.#begin("audio", bytes);
    else this.#begin("peek", 8);
  }

  /** Reads on until it is clear whether there is audio, and then returns the first bytes of it. */
  #peek(bytes: Uint8Array): Uint8Array | undefined {
    const before = this.#collected.length - this.#left;
    const piece = bytes.subarray(0, this.#left);
    this.#collected.set(piece, before);
    this.#left -= piece.length;
    const seen = this.#collected.subarray(0, before + piece.length);
    if (seen.length === 0) return undefined;
    const room = this.#fileBytes && this.#fileBytes - this.#position;
    const isTrailing = isTrailingChunk(seen, room);
    if (isTrailing === undefined) return undefined;
    this.#audioSizeIsKnown = isTrailing;
    this.#begin("audio", isTrailing ? 0 : Infinity);
    if (before === 0) return bytes;
    const joined = new Uint8Array(before + bytes.length);
    joined.set(seen.subarray(0, before));
    joined.set(bytes, before);
    return joined;
  }
}

/** Checks the first 12 bytes, and returns the size of the file if they contain it. */
function readRiff(header: Uint8Array): number | undefined {
  const text = String.fromCharCode(...header);
  if (!/^(?:RIFF|RF64|BW64)/.test(text) || !text.endsWith("WAVE")) {
    throw new SyntaxError(`Cannot read WAV as it must begin with RIFF…WAVE: it begins with ${JSON.stringify(text)}`);
  }
  const size = uint32(header, 4);
  return size === 0 || size >= UNKNOWN_SIZE ? undefined : size + 8;
}

function uint32(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(offset, true);
}

function uint64(bytes: Uint8Array, offset: number): number {
  return uint32(bytes, offset + 4) * 2 ** 32 + uint32(bytes, offset);
}
