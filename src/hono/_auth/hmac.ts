import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

/**
 * Synchronous HMAC with SHA-256. Web Crypto passes each message to another thread and back, which takes longer than all
 * other work for a request.
 */
export class Hmac {
  /** The state after the key, the start of every signature. */
  readonly #keyed;
  /** The state of the signature that is being made: new ones take as long as the hashing. */
  readonly #state;
  readonly #encoder = new TextEncoder();

  constructor(key: Uint8Array) {
    this.#keyed = hmac.create(sha256, key);
    this.#state = this.#keyed.clone();
  }

  /** Returns the 32-byte signature of a text, as UTF-8. */
  sign(text: string): Uint8Array {
    return this.#keyed._cloneInto(this.#state).update(this.#encoder.encode(text)).digest();
  }

  /** Whether a signature is valid for a text, in constant time. */
  verify(signature: Uint8Array, text: string): boolean {
    const wanted = this.sign(text);
    if (signature.length !== wanted.length) return false;
    return wanted.reduce((difference, byte, index) => difference | (byte ^ signature[index]!), 0) === 0;
  }
}
