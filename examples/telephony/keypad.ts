import type { Clock } from "@oai-rt/edge";

/** Maximum pause between keys, in milliseconds. */
const PAUSE_MS = 2_000;

/** Maximum number of keys of one input. */
const MAX_DIGITS = 32;

/** Collects the keys that a caller presses: until `#`, or until a pause. */
export class Keypad {
  readonly #onInput: (digits: string) => void;
  readonly #clock: Clock;
  #digits = "";
  #cancel: (() => void) | undefined;

  constructor(onInput: (digits: string) => void, clock: Clock) {
    this.#onInput = onInput;
    this.#clock = clock;
  }

  /** Adds a key. */
  press(digit: string): void {
    if (!/^[\d*#A-D]$/.test(digit)) return;
    this.#cancel?.();
    if (digit === "#") return this.#flush();
    this.#digits += digit;
    if (this.#digits.length >= MAX_DIGITS) return this.#flush();
    this.#cancel = this.#clock.schedule(() => this.#flush(), PAUSE_MS);
  }

  /** Discards the pressed keys. */
  close(): void {
    this.#cancel?.();
    this.#digits = "";
  }

  #flush(): void {
    const digits = this.#digits;
    this.#digits = "";
    if (digits !== "") this.#onInput(digits);
  }
}
