/** Returns `data` as padded base64; a string is encoded as UTF-8 first. */
export function encodeBase64(data: ArrayBuffer | Uint8Array | string): string;

/**
 * Returns the bytes that `b64` stands for.
 *
 * @throws {Error} when `b64` is not base64.
 */
export function decodeBase64(b64: string): Uint8Array<ArrayBuffer>;
