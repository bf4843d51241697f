// This module is browser compatible.
import { decodeBase64 } from "../../audio/base64.ts";

/** Base64 decoding of newer runtimes, which older type libraries lack. */
interface NativeDecoder {
  setFromBase64?(text: string): { readonly written: number };
}

/**
 * Decodes base64 into memory that is long enough; allocates none where the runtime supports that.
 *
 * @returns number of bytes.
 * @throws {SyntaxError} when `text` is not base64.
 */
export function decodeInto(memory: Uint8Array, text: string): number {
  const native: Uint8Array & NativeDecoder = memory;
  if (native.setFromBase64) return native.setFromBase64(text).written;
  const bytes = decodeBase64(text);
  memory.set(bytes);
  return bytes.length;
}
