/** Derives keys for one purpose, by HKDF with SHA-256, and keeps the last one: secrets seldom change. */
export class DerivedKey {
  readonly #purpose: string;
  #secret: string | undefined;
  #key: CryptoKey | undefined;

  constructor(purpose: string) {
    this.#purpose = purpose;
  }

  /** The key, for HMAC with SHA-256. */
  async of(secret: string): Promise<CryptoKey> {
    if (this.#key && this.#secret === secret) return this.#key;
    const encoder = new TextEncoder();
    const material = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, ["deriveKey"]);
    const key = await crypto.subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: encoder.encode(this.#purpose) },
      material,
      { name: "HMAC", hash: "SHA-256", length: 256 },
      false,
      ["sign", "verify"],
    );
    this.#secret = secret;
    this.#key = key;
    return key;
  }
}
