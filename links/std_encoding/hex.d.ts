/** Returns `src` in hexadecimal, in lower case; a string is encoded as UTF-8 first. */
export function encodeHex(src: string | Uint8Array | ArrayBuffer): string;

/**
 * Returns the bytes that `src` stands for.
 *
 * @throws {TypeError} when `src` is not hexadecimal.
 */
export function decodeHex(src: string): Uint8Array<ArrayBuffer>;
