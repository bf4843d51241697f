import { decodeBase64 } from "@oai-rt/edge/audio";

/** The parts of a request that Twilio signs. */
export interface SignedRequest {
  /** The address as Twilio knows it, with its query: `https:` for a webhook, `wss:` for a stream. */
  readonly url: string;
  /** Fields of the form in a webhook's body. */
  readonly params?: Iterable<readonly [name: string, value: string]> | undefined;
}

/**
 * Whether a request comes from Twilio: whether its `X-Twilio-Signature` is, in base64, the HMAC-SHA1 of its address and
 * fields with the auth token of the account. Compares in constant time.
 *
 * @throws {TypeError} when there is no token, as then anyone could sign.
 */
export async function isSignedByTwilio(
  signature: string | undefined,
  request: SignedRequest,
  authToken: string | undefined,
): Promise<boolean> {
  if (!authToken) throw new TypeError("Cannot check a signature of Twilio's as there is no auth token");
  const given = bytesOf(signature ?? "");
  if (!given) return false;
  const algorithm = { name: "HMAC", hash: "SHA-1" };
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", encoder.encode(authToken), algorithm, false, ["verify"]);
  return await crypto.subtle.verify("HMAC", key, given, encoder.encode(signedText(request)));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return decodeBase64(base64);
  } catch {
    return undefined;
  }
}

/** The address, then the names and values of the fields, sorted by name; a field that is there twice counts once. */
function signedText({ url, params = [] }: SignedRequest): string {
  const fields = [...params].sort(([name, value], [otherName, otherValue]) =>
    compare(name, otherName) || compare(value, otherValue)
  );
  const isNew = ([name, value]: readonly [string, string], index: number) =>
    name !== fields[index - 1]?.[0] || value !== fields[index - 1]?.[1];
  return url + fields.filter(isNew).flat().join("");
}

/** Sorts by code units, independent of the locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
