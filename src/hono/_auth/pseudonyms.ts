import { keepNewest } from "../../_internal/keep_newest.ts";
import { DerivedKey } from "./derived_key.ts";
import type { Hmac } from "./hmac.ts";

/** How much of a hash is a name. */
const NAME_BYTES = 20;

/** How many names are kept: a caller seldom asks once. */
const MAX_KEPT = 1000;

/** Every byte in hexadecimal. */
const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Names for callers that are always the same, and that nobody can find the caller by. */
export class Pseudonyms {
  readonly #key = new DerivedKey("oai-rt edge safety identifier 1");
  readonly #names = new Map<string, string>();
  #madeWith: Hmac | undefined;

  /** The name of a caller. */
  async of(caller: string, secret: string): Promise<string> {
    const key = await this.#key.of(secret);
    if (this.#madeWith !== key) this.#names.clear();
    this.#madeWith = key;
    const name = this.#names.get(caller) ?? nameOf(key.sign(caller));
    this.#names.set(caller, name);
    keepNewest(this.#names, MAX_KEPT);
    return name;
  }
}

function nameOf(hash: Uint8Array): string {
  return hash.subarray(0, NAME_BYTES).reduce((text, byte) => text + HEX[byte], "");
}
