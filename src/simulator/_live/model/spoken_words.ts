// This module is browser compatible.

/** Hands out the words of a text, each with the whitespace before it, in step with how much of it has been spoken. */
export class SpokenWords {
  readonly #words: readonly string[];
  #given = 0;

  constructor(text: string) {
    this.#words = text.match(/\s*\S+/g) ?? [];
  }

  /** The words up to a share of the text, from 0 to 1, that have not been returned yet. */
  upTo(share: number): string {
    const end = Math.min(this.#words.length, Math.max(this.#given, Math.ceil(share * this.#words.length)));
    const words = this.#words.slice(this.#given, end).join("");
    this.#given = end;
    return words;
  }

  /** The next word. */
  next(): string {
    return this.#words[this.#given++] ?? "";
  }

  /** The remaining words. */
  rest(): string {
    return this.upTo(1);
  }
}
