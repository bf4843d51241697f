import { encodeHex } from "@std/encoding/hex";
import { evictOldest } from "../../_internal/evict_oldest.ts";
import { Hmac } from "./hmac.ts";

/** Bytes of the hash that are used. */
const NAME_BYTES = 20;

/** Number of cached names: callers usually make several requests. */
const MAX_KEPT = 1000;

/**
 * Stable pseudonyms of callers: the same on every server and with every key, as OpenAI counts by them. OpenAI asks for
 * a hash of an id that is not public; this is a hash with a fixed key.
 */
export class Pseudonyms {
  readonly #key = new Hmac(new TextEncoder().encode("oai-rt edge safety identifier 2"));
  readonly #names = new Map<string, string>();

  /** Returns the pseudonym of a caller. */
  of(caller: string): string {
    const kept = this.#names.get(caller);
    if (kept !== undefined) return kept;
    const name = encodeHex(this.#key.sign(caller).subarray(0, NAME_BYTES));
    this.#names.set(caller, name);
    evictOldest(this.#names, MAX_KEPT);
    return name;
  }
}
