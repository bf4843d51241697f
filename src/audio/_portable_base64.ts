// This module is browser compatible.
import { decodedLength } from "../_internal/decoded_length.ts";

/** The part of Node's `Buffer` that is used here. */
interface NodeBuffer {
  from(memory: ArrayBufferLike, byteOffset: number, length: number): {
    toString(encoding: "base64"): string;
    write(text: string, encoding: "base64"): unknown;
  };
}

/** Number of bytes converted to characters at a time: runtimes limit the number of arguments. */
const BLOCK = 0x2000;

/** Node's `Buffer`, where it is a global. It is never imported, so that bundlers do not add a polyfill. */
function nodeBuffer(): NodeBuffer | undefined {
  return (globalThis as { Buffer?: NodeBuffer }).Buffer;
}

/** Encodes where the runtime has no `Uint8Array.prototype.toBase64`. */
export function encodePortably(bytes: Uint8Array, buffer: NodeBuffer | undefined = nodeBuffer()): string {
  if (buffer) return buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
  let binary = "";
  for (let offset = 0; offset < bytes.length; offset += BLOCK) {
    binary += String.fromCharCode.apply(null, bytes.subarray(offset, offset + BLOCK) as unknown as number[]);
  }
  return btoa(binary);
}

/** Decodes where the runtime has no `Uint8Array.fromBase64`, and accepts and rejects the same texts. */
export function decodePortably(
  text: string,
  buffer: NodeBuffer | undefined = nodeBuffer(),
): Uint8Array<ArrayBuffer> {
  return (buffer && decodeWithBuffer(text, buffer)) ?? decodeWithAtob(text);
}

/**
 * Decodes padded text without white space, and returns `undefined` for any other. Node accepts or skips invalid
 * characters. Encoding the bytes again detects that, and is cheaper than checking each character.
 */
function decodeWithBuffer(text: string, buffer: NodeBuffer): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 !== 0) return undefined;
  const bytes = new Uint8Array(decodedLength(text));
  const view = buffer.from(bytes.buffer, 0, bytes.length);
  view.write(text, "base64");
  return view.toString("base64") === text ? bytes : undefined;
}

function decodeWithAtob(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
