/** What a {@linkcode Farewell} is made of. */
export interface FarewellOptions {
  /** Whether the caller has heard everything that was said so far. */
  readonly isHeard: () => boolean;
  /** Resolves when the model has nothing more to say. */
  readonly idle: () => Promise<void>;
  /** Hangs up. */
  readonly hangUp: () => void;
}

/** The end of a call: when the model has said goodbye, and the caller has heard it. */
export class Farewell {
  readonly #options: FarewellOptions;
  #hasBegun = false;
  #isSaid = false;

  constructor(options: FarewellOptions) {
    this.#options = options;
  }

  /** The model wants to hang up. Its farewell may be under way, or still to come. */
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
