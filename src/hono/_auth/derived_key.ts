import { Hmac } from "./hmac.ts";

/** Derives keys for one purpose, by HKDF with SHA-256, and keeps the last one: secrets seldom change. */
export class DerivedKey {
  readonly #purpose: string;
  #secret: string | undefined;
  #key: Hmac | undefined;

  constructor(purpose: string) {
    this.#purpose = purpose;
  }

  /** The key. */
  async of(secret: string): Promise<Hmac> {
    if (this.#key && this.#secret === secret) return this.#key;
    const encoder = new TextEncoder();
    const material = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, ["deriveBits"]);
    const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: encoder.encode(this.#purpose) };
    const key = new Hmac(new Uint8Array(await crypto.subtle.deriveBits(hkdf, material, 256)));
    this.#secret = secret;
    this.#key = key;
    return key;
  }
}
