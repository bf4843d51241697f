import { encodeBase64 } from "../../audio/base64.ts";
import { DerivedKey } from "./derived_key.ts";

/** The owner of a call, who may control it. */
export interface CallOwner {
  /** Id of the call. */
  readonly callId: string;
  /** The caller who requested it; `undefined` for an anonymous caller. */
  readonly caller: string | undefined;
}

/**
 * Tokens that prove that this app created a call for a caller. They are signed, so that no state is needed: any server
 * with the same secret can verify them. Form: `expiry.signature`, Unix time in seconds and base64url.
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
  async issue(owner: CallOwner, [secret = ""]: readonly string[], longestMs: number): Promise<string> {
    const expiry = Math.floor((this.#now() + longestMs) / 1000);
    const key = await this.#key.of(secret);
    return `${expiry}.${toBase64Url(key.sign(signedText(owner, expiry)))}`;
  }

  /** Whether a token was issued with one of the secrets for this call and this caller, and has not expired. */
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

/** JSON separates the parts unambiguously. */
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
