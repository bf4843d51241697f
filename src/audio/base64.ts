// This module is browser compatible.
import { decodePortably, encodePortably } from "./_portable_base64.ts";
import { transform, unlessEmpty } from "./_transform.ts";

/** Base64 encoding of newer runtimes, which older type libraries lack. */
interface NativeEncoder {
  toBase64?(): string;
}

/** The decoding half of {@linkcode NativeEncoder}. */
interface NativeDecoder {
  fromBase64?(text: string): Uint8Array<ArrayBuffer>;
}

/**
 * Encodes bytes as padded base64, as used for audio on the wire. Uses the runtime's own `toBase64` if available, else
 * Node's `Buffer` if it is a global, else `btoa`.
 *
 * @category Audio
 *
 * @param bytes bytes to encode; they are not changed.
 * @returns four characters for every three bytes, rounded up.
 * @throws {TypeError} when `bytes` are no bytes, such as samples.
 *
 * @example A chunk of audio, there and back
 * ```ts
 * import { decodeBase64, encodeBase64 } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * const audio = encodeBase64(new Uint8Array([1, 2, 3, 4]));
 * assertEquals(audio, "AQIDBA==");
 * assertEquals(decodeBase64(audio), new Uint8Array([1, 2, 3, 4]));
 * ```
 */
export function encodeBase64(bytes: Uint8Array): string {
  // Not instanceof, which is false for bytes of another realm.
  if (bytes?.BYTES_PER_ELEMENT !== 1) {
    throw new TypeError("Cannot encode audio as it must be a Uint8Array: convert samples with toBytes()");
  }
  const native = bytes as Uint8Array & NativeEncoder;
  return native.toBase64 ? native.toBase64() : encodePortably(bytes);
}

/**
 * Decodes base64. Padding may be missing and ASCII white space is skipped. Uses the runtime's own `fromBase64` if
 * available, else Node's `Buffer` if it is a global, else `atob`.
 *
 * @category Audio
 *
 * @param text base64 of the standard alphabet.
 * @returns the bytes, in newly allocated memory.
 * @throws {SyntaxError} when `text` is not base64.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const native = Uint8Array as typeof Uint8Array & NativeDecoder;
  try {
    return native.fromBase64 ? native.fromBase64(text) : decodePortably(text);
  } catch (cause) {
    throw new SyntaxError(`Cannot decode audio as it is not base64: its length is ${text.length}`, { cause });
  }
}

/**
 * Creates a stream that encodes every chunk separately, as an event on the wire carries it: each string can be decoded
 * on its own, and the strings do not concatenate to the base64 of the whole.
 *
 * @category Audio
 *
 * @example 100 ms of audio for each `input_audio_buffer.append`
 * ```ts
 * import { chunkAudio, encodeBase64Stream } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * const appends = new Blob([new Uint8Array(9600)]).stream()
 *   .pipeThrough(chunkAudio())
 *   .pipeThrough(encodeBase64Stream());
 * assertEquals((await Array.fromAsync(appends)).map((audio) => audio.length), [6400, 6400]);
 * ```
 */
export function encodeBase64Stream(): TransformStream<Uint8Array, string> {
  return transform({ push: (bytes) => unlessEmpty(encodeBase64(bytes)) });
}

/**
 * Creates a stream that decodes every string separately. A string that is not base64 errors the stream (`SyntaxError`).
 *
 * @category Audio
 */
export function decodeBase64Stream(): TransformStream<string, Uint8Array<ArrayBuffer>> {
  return transform({ push: (text) => unlessEmpty(decodeBase64(text)) });
}
