import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

/**
 * HMAC with SHA-256, at once. Web Crypto passes each message to another thread and back, which takes longer than all
 * else that is done for a request.
 */
export class Hmac {
  /** The state after the key, from which every signature begins. */
  readonly #keyed;
  /** The state of the signature that is being made: new ones take as long as the hashing. */
  readonly #state;
  readonly #encoder = new TextEncoder();

  constructor(key: Uint8Array) {
    this.#keyed = hmac.create(sha256, key);
    this.#state = this.#keyed.clone();
  }

  /** The 32 bytes that go with a text, of which the UTF-8 is signed. */
  sign(text: string): Uint8Array {
    return this.#keyed._cloneInto(this.#state).update(this.#encoder.encode(text)).digest();
  }

  /** Whether these bytes go with a text. The time that it takes does not depend on what they are. */
  verify(signature: Uint8Array, text: string): boolean {
    const wanted = this.sign(text);
    if (signature.length !== wanted.length) return false;
    return wanted.reduce((difference, byte, index) => difference | (byte ^ signature[index]!), 0) === 0;
  }
}
