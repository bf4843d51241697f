import { encodeBase64 } from "../../audio/base64.ts";
import { DerivedKey } from "./derived_key.ts";

/** The one who may steer a call. */
export interface CallOwner {
  /** Id of the call. */
  readonly callId: string;
  /** Who asked for it; `undefined` for somebody without a name. */
  readonly caller: string | undefined;
}

/**
 * Tokens that say that this app made a call for a caller. They are signed, so that nothing has to be remembered: any
 * server with the same secret can tell. Form: `expiry.signature`, Unix time in seconds and base64url.
 */
export class CallTokens {
  readonly #key = new DerivedKey("oai-rt edge call token 1");
  readonly #now: () => number;

  /** @param now Unix time in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Makes the token of a call, with the first of the secrets; it is good for as long as the call can last. */
  async issue(owner: CallOwner, [secret = ""]: readonly string[], longestMs: number): Promise<string> {
    const expiry = Math.floor((this.#now() + longestMs) / 1000);
    const key = await this.#key.of(secret);
    return `${expiry}.${toBase64Url(key.sign(signedText(owner, expiry)))}`;
  }

  /** Whether a token was issued with one of the secrets for this call and this caller, and is still good. */
  async verify(token: string, owner: CallOwner, secrets: readonly string[]): Promise<boolean> {
    const [, digits = "", text = ""] = /^(\d{1,12})\.([\w-]{43})$/.exec(token) ?? [];
    const expiry = Number(digits);
    if (!text || !(expiry * 1000 > this.#now())) return false;
    const signature = fromBase64Url(text);
    const signed = signedText(owner, expiry);
    let isGood = false;
    for (const secret of secrets) isGood = (await this.#key.of(secret)).verify(signature, signed) || isGood;
    return isGood;
  }
}

/** JSON, as it leaves no doubt where one part ends and the next one begins. */
function signedText({ callId, caller }: CallOwner, expiry: number): string {
  return JSON.stringify([expiry, callId, caller ?? null]);
}

function toBase64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64Url(text: string): Uint8Array {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
