// This module is browser compatible.
import { decodeBase64 } from "@std/encoding/base64";
import { pasteFault } from "../_internal/paste_fault.ts";

const HMAC = { name: "HMAC", hash: "SHA-256" };

/** Bytes of a SHA-256. */
const DIGEST_BYTES = 32;

/**
 * Keys of the secrets: those that begin with `whsec_` go on in base64, others are taken as they are.
 *
 * @throws {TypeError} when there is no secret, one is empty, has something that came along when it was pasted, or is not
 * base64 as it should be.
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
      "Cannot verify a webhook as the secret must be a text that is not empty, in base64 after whsec_",
    );
  }
  return bytes;
}

/**
 * The signatures in a header: values with spaces between, and commas where several headers were made one. Each is `v1,` and
 * base64, or base64 alone; what is neither is skipped.
 */
export function parseSignatures(header: string): readonly Uint8Array[] {
  return header.split(/,?\s+/).map((value) => fromBase64(value.replace(/^v1,/, "")))
    .filter((bytes) => bytes?.length === DIGEST_BYTES) as Uint8Array[];
}

/**
 * Whether one of the signatures is that of the content by one of the keys. One HMAC is computed for each key, however many
 * signatures there are, and the time that it takes does not depend on their bytes.
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
  try {
    return decodeBase64(text);
  } catch {
    return undefined;
  }
}
