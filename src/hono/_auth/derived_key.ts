import { evictOldest } from "../../_internal/evict_oldest.ts";
import { Hmac } from "./hmac.ts";

/** Number of cached keys: secrets seldom change, and there may be several during a rotation. */
const MAX_KEPT = 8;

/** Derives keys for one purpose with HKDF and SHA-256, and caches them. */
export class DerivedKey {
  readonly #purpose: string;
  readonly #keys = new Map<string, Hmac>();

  constructor(purpose: string) {
    this.#purpose = purpose;
  }

  /** Returns the key for a secret. */
  async of(secret: string): Promise<Hmac> {
    const kept = this.#keys.get(secret);
    if (kept) return kept;
    const encoder = new TextEncoder();
    const material = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, ["deriveBits"]);
    const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: encoder.encode(this.#purpose) };
    const key = new Hmac(new Uint8Array(await crypto.subtle.deriveBits(hkdf, material, 256)));
    this.#keys.set(secret, key);
    evictOldest(this.#keys, MAX_KEPT);
    return key;
  }
}
