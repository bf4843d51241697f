// This module is browser compatible.
import { pasteFault } from "./_paste_fault.ts";
import { decodeBase64 } from "../audio/base64.ts";

const HMAC = { name: "HMAC", hash: "SHA-256" };

/** Bytes of a SHA-256. */
const DIGEST_BYTES = 32;

/**
 * Imports the secrets: those that begin with `whsec_` continue in base64, others are used as they are.
 *
 * @throws {TypeError} when there is no secret, or one is empty, contains characters copied by mistake, or is not valid
 * base64.
 */
export function importSecrets(secret: string | readonly string[]): Promise<readonly CryptoKey[]> {
  const secrets = typeof secret === "string" ? [secret] : secret;
  if (!Array.isArray(secrets) || secrets.length === 0) {
    throw new TypeError("Cannot verify a webhook as there is no secret: pass one or more");
  }
  return Promise.all(secrets.map((text) => crypto.subtle.importKey("raw", secretBytes(text), HMAC, false, ["sign"])));
}

function secretBytes(secret: unknown): Uint8Array<ArrayBuffer> {
  const fault = typeof secret === "string" ? pasteFault(secret) : undefined;
  if (fault !== undefined) throw new TypeError(`Cannot verify a webhook as the secret ${fault}`);
  const bytes = typeof secret !== "string"
    ? undefined
    : secret.startsWith("whsec_")
    ? fromBase64(secret.slice("whsec_".length))
    : new TextEncoder().encode(secret);
  if (!bytes?.length) {
    throw new TypeError(
      "Cannot verify a webhook as the secret must be a non-empty string, in base64 after whsec_",
    );
  }
  return bytes;
}

/**
 * Parses the signatures in a header: values separated by spaces, and by commas where several headers were joined. Each
 * is `v1,` and base64, or base64 alone; others are skipped.
 */
export function parseSignatures(header: string): readonly Uint8Array[] {
  return header.split(/,?\s+/).map((value) => fromBase64(value.replace(/^v1,/, "")))
    .filter((bytes) => bytes?.length === DIGEST_BYTES) as Uint8Array[];
}

/**
 * Whether one of the signatures is that of the content by one of the keys. One HMAC is computed for each key,
 * regardless of the number of signatures, and the comparison takes constant time.
 */
export async function isSignedWith(
  keys: readonly CryptoKey[],
  content: ArrayBuffer,
  signatures: readonly Uint8Array[],
): Promise<boolean> {
  let found = 0;
  for (const key of keys) {
    const digest = new Uint8Array(await crypto.subtle.sign("HMAC", key, content));
    for (const signature of signatures) {
      let difference = 0;
      for (let i = 0; i < DIGEST_BYTES; i++) difference |= digest[i]! ^ signature[i]!;
      found |= Number(difference === 0);
    }
  }
  return found === 1;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  // decodeBase64() skips white space.
  if (/\s/.test(text)) return undefined;
  try {
    return decodeBase64(text);
  } catch {
    return undefined;
  }
}
