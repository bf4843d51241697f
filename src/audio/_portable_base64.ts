// This module is browser compatible.
import { decodeBase64, encodeBase64 } from "@std/encoding/base64";

/** Encodes where the runtime has no `Uint8Array.prototype.toBase64`. */
export function encodePortably(bytes: Uint8Array): string {
  // A Node Buffer is copied into a plain array first: its slice() is a view, and @std/encoding detaches what it slices.
  return encodeBase64(new Uint8Array(bytes));
}

/** Decodes where the runtime has no `Uint8Array.fromBase64`, and accepts and refuses what that would. */
export function decodePortably(text: string): Uint8Array<ArrayBuffer> {
  const compact = /[\t\n\f\r ]/.test(text) ? text.replaceAll(/[\t\n\f\r ]/g, "") : text;
  if (compact.endsWith("=") && compact.length % 4 !== 0) {
    throw new SyntaxError(`Padded base64 must have a multiple of 4 characters: current value is ${compact.length}`);
  }
  return decodeBase64(compact) as Uint8Array<ArrayBuffer>;
}
