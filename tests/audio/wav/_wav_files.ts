import { join } from "../_helpers.ts";

/** Content of a `fmt ` chunk; by default mono PCM16 at 24 kHz. */
export interface FmtSettings {
  readonly code?: number;
  readonly channels?: number;
  readonly rate?: number;
  readonly bits?: number;
  readonly blockAlign?: number;
  /** Encoding in the GUID: makes the chunk 40 bytes long. */
  readonly subCode?: number;
  /** Last byte of the GUID. */
  readonly guidTail?: number;
}

/** The body of a `fmt ` chunk, byte by byte. */
export function fmt(settings: FmtSettings): number[] {
  const { code = 1, channels = 1, rate = 24_000, bits = 16, subCode, guidTail = 0x71 } = settings;
  const { blockAlign = channels * bits / 8 } = settings;
  const body = [
    ...u16(code),
    ...u16(channels),
    ...u32(rate),
    ...u32(rate * blockAlign),
    ...u16(blockAlign),
    ...u16(bits),
  ];
  if (subCode === undefined) return body;
  const guid = [...u16(subCode), 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, guidTail];
  return [...body, ...u16(22), ...u16(bits), ...u32(4), ...guid];
}

/** A chunk: name, size, body, and a byte of padding when the size is odd. */
export function chunk(id: string, body: Iterable<number>): Uint8Array<ArrayBuffer> {
  const bytes = [...body];
  return new Uint8Array([...ascii(id), ...u32(bytes.length), ...bytes, ...new Uint8Array(bytes.length % 2)]);
}

/** A chunk of odd size as some programs write it, without the byte of padding. */
export function unpadded(id: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  return chunk(id, body).slice(0, 8 + body.length);
}

/** A file of chunks. */
export function riff(...chunks: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = join(chunks);
  return new Uint8Array([...ascii("RIFF"), ...u32(body.length + 4), ...ascii("WAVE"), ...body]);
}

/** A copy of a file with a 32-bit number written over it. */
export function patch(file: Uint8Array, offset: number, value: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(file);
  new DataView(copy.buffer).setUint32(offset, value, true);
  return copy;
}

function ascii(text: string): number[] {
  return [...text].map((char) => char.charCodeAt(0));
}

function u16(value: number): number[] {
  return [value & 0xff, value >> 8];
}

function u32(value: number): number[] {
  return [...u16(value % 65536), ...u16(Math.floor(value / 65536))];
}
