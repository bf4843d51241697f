// This module is browser compatible.
import { decodedLength } from "../_internal/decoded_length.ts";

/**
 * Whether a text is base64 with nothing left out and nothing added: every character of the alphabet, padding at the
 * end only, four characters for every three bytes.
 */
export function isBase64(text: string): boolean {
  try {
    // The runtime's own decoder is several times faster than a regular expression. It skips white space and does
    // without padding, which then shows in the length.
    return atob(text).length === decodedLength(text);
  } catch {
    return false;
  }
}
