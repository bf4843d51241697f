// This module is browser compatible.
import { decodedLength } from "../_internal/decoded_length.ts";

/** Base64 decoding of newer runtimes, which older type libraries lack. */
interface NativeDecoder {
  setFromBase64?(text: string): { readonly written: number };
}

/** Bytes that are decoded into memory that is there: more than 100 ms of audio, as microphones send it. */
const SCRATCH_BYTES = 16_384;

let scratch: (Uint8Array & NativeDecoder) | undefined;

/**
 * Whether a text is canonical base64: only characters of the alphabet, padding at the end only, four characters for
 * every three bytes.
 */
export function isBase64(text: string): boolean {
  const length = decodedLength(text);
  try {
    // The runtime's own decoders are several times faster than a regular expression. They skip white space and do
    // without padding, which then shows in the length.
    return countBytes(text, length) === length;
  } catch {
    return false;
  }
}

/** Decodes a text for the number of its bytes; their memory is what costs most, and is not needed. */
function countBytes(text: string, length: number): number {
  scratch ??= new Uint8Array(SCRATCH_BYTES);
  const target = length > SCRATCH_BYTES ? new Uint8Array(length) : scratch;
  return target.setFromBase64 ? target.setFromBase64(text).written : atob(text).length;
}
