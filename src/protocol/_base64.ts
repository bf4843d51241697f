// This module is browser compatible.
import { decodedLength } from "../_internal/decoded_length.ts";

/** Base64 decoding of newer runtimes, which older type libraries lack. */
interface NativeDecoder {
  fromBase64?(text: string): Uint8Array;
}

/**
 * Whether a text is canonical base64: only characters of the alphabet, padding at the end only, four characters for
 * every three bytes.
 */
export function isBase64(text: string): boolean {
  const native = Uint8Array as typeof Uint8Array & NativeDecoder;
  try {
    // The runtime's own decoders are several times faster than a regular expression. They skip white space and do
    // without padding, which then shows in the length.
    return (native.fromBase64 ? native.fromBase64(text) : atob(text)).length === decodedLength(text);
  } catch {
    return false;
  }
}
