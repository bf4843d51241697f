/** Options of a {@linkcode Farewell}. */
export interface FarewellOptions {
  /** Whether the caller has heard all speech so far. */
  readonly isHeard: () => boolean;
  /** Resolves when the model has nothing more to say. */
  readonly idle: () => Promise<void>;
  /** Hangs up. */
  readonly hangUp: () => void;
}

/** The end of a call: after the model has said goodbye, and the caller has heard it. */
export class Farewell {
  readonly #options: FarewellOptions;
  #hasBegun = false;
  #isSaid = false;

  constructor(options: FarewellOptions) {
    this.#options = options;
  }

  /** The model wants to hang up. Its farewell may have begun, or still follow. */
  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const { hangUp, idle } = this.#options;
    idle().then(() => {
      this.#isSaid = true;
      this.heard();
    }, hangUp);
  }

  /** A mark has come back. */
  heard(): void {
    if (this.#isSaid && this.#options.isHeard()) this.#options.hangUp();
  }
}
