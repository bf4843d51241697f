/** Returns `data` as base64url without padding; a string is encoded as UTF-8 first. */
export function encodeBase64Url(data: ArrayBuffer | Uint8Array | string): string;

/**
 * Returns the bytes that `b64url` stands for.
 *
 * @throws {TypeError} when `b64url` is not base64url.
 */
export function decodeBase64Url(b64url: string): Uint8Array<ArrayBuffer>;
