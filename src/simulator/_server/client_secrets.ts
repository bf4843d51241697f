// This module is browser compatible.
import type { SessionSpec } from "../_session/session_spec.ts";
import type { SessionHost } from "./session_host.ts";

/** The session of a client secret. */
export interface ClientSecret {
  /** The session that it starts; a conversation's model is only proposed when the secret was not made for one. */
  readonly spec: SessionSpec;
  /** Whether the holder may choose the model. */
  readonly anyModel: boolean;
}

/** A minted secret. */
export interface MintedSecret {
  /** The secret. */
  readonly value: string;
  /** Expiry, as Unix time in seconds. */
  readonly expiresAt: number;
}

/** The client secrets that were minted here. */
export class ClientSecrets {
  readonly #host: Pick<SessionHost, "ids" | "unixTime">;
  readonly #secrets = new Map<string, { readonly secret: ClientSecret; readonly expiresAtMs: number }>();

  constructor(host: Pick<SessionHost, "ids" | "unixTime">) {
    this.#host = host;
  }

  /** Creates a secret with a lifetime in seconds. */
  mint(secret: ClientSecret, seconds: number): MintedSecret {
    const now = this.#host.unixTime();
    for (const [value, { expiresAtMs }] of this.#secrets) {
      if (expiresAtMs <= now) this.#secrets.delete(value);
    }
    const value = this.#host.ids("ek");
    const expiresAtMs = now + seconds * 1000;
    this.#secrets.set(value, { secret, expiresAtMs });
    return { value, expiresAt: Math.floor(expiresAtMs / 1000) };
  }

  /** Returns the session of a secret; `undefined` when it was not created here, or has expired. */
  find(value: string): ClientSecret | undefined {
    const found = this.#secrets.get(value);
    return found && found.expiresAtMs > this.#host.unixTime() ? found.secret : undefined;
  }
}
