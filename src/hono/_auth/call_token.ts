import { decodeBase64Url, encodeBase64Url } from "@std/encoding/base64url";
import { DerivedKey } from "./derived_key.ts";

/** The owner of a call, who may control it. */
export interface CallOwner {
  /** Id of the call. */
  readonly callId: string;
  /** The API of the call: another one does not know the call, and would report it as already ended. */
  readonly product: "live" | undefined;
  /** The caller who requested it; `undefined` for an anonymous caller. */
  readonly caller: string | undefined;
}

/** The content of a verified token. */
export interface VerifiedToken {
  /** Expiry, as Unix time in seconds. */
  readonly expiry: number;
  /** Id of the call's place in the limits, which any server can release. */
  readonly placeId: string | undefined;
}

/**
 * Tokens that prove that this app created a call for a caller. They are signed, so that no state is needed: any server
 * with the same secret can verify them. Form: `expiry.signature`, Unix time in seconds and base64url; if the call has a
 * place in the limits, `.placeId` follows.
 */
export class CallTokens {
  readonly #key = new DerivedKey("oai-rt edge call token 1");
  readonly #now: () => number;

  /** @param now Unix time in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Issues the token of a call, signed with the first of the secrets; it is valid for the longest duration of a call.
   */
  async issue(
    { placeId, ...owner }: CallOwner & Pick<VerifiedToken, "placeId">,
    [secret = ""]: readonly string[],
    longestMs: number,
  ): Promise<string> {
    const expiry = Math.floor((this.#now() + longestMs) / 1000);
    const key = await this.#key.of(secret);
    const signature = encodeBase64Url(key.sign(signedText(owner, expiry, placeId)));
    return [expiry, signature, ...placeId === undefined ? [] : [placeId]].join(".");
  }

  /**
   * Verifies that a token was issued with one of the secrets for this call and this caller, and has not expired;
   * otherwise returns `undefined`.
   */
  async verify(token: string, owner: CallOwner, secrets: readonly string[]): Promise<VerifiedToken | undefined> {
    const [, digits = "", text = "", placeId] = /^(\d{1,12})\.([\w-]{43})(?:\.(\w{1,64}))?$/.exec(token) ?? [];
    const expiry = Number(digits);
    if (!text || !(expiry * 1000 > this.#now())) return undefined;
    const signature = decodeBase64Url(text);
    const signed = signedText(owner, expiry, placeId);
    let isGood = false;
    for (const secret of secrets) isGood = (await this.#key.of(secret)).verify(signature, signed) || isGood;
    return isGood ? { expiry, placeId } : undefined;
  }
}

/**
 * JSON separates the parts unambiguously. A token of the Realtime API without a place is the same as those of versions
 * without places.
 */
function signedText({ callId, caller, product }: CallOwner, expiry: number, placeId: string | undefined): string {
  const call = product === undefined ? callId : [product, callId];
  return JSON.stringify([expiry, call, caller ?? null, ...placeId === undefined ? [] : [placeId]]);
}
