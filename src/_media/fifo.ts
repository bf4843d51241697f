// This module is browser compatible.

/** How many places may be vacant in front before they are given back. */
const MAX_VACANT = 1024;

/**
 * A queue whose every operation takes the same time, however much waits: `Array.prototype.shift` moves what is left in a
 * long array.
 */
export class Fifo<T> {
  #values: (T | undefined)[] = [];
  #first = 0;

  /** How many values wait. */
  get size(): number {
    return this.#values.length - this.#first;
  }

  /** The value that waits longest. */
  peek(): T | undefined {
    return this.#values[this.#first];
  }

  /** Adds a value at the end. */
  push(value: T): void {
    this.#values.push(value);
  }

  /** Takes the value that waits longest. */
  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const value = this.#values[this.#first];
    this.#values[this.#first++] = undefined;
    if (this.size === 0) this.clear();
    else if (this.#first > MAX_VACANT && this.#first > this.size) {
      this.#values = this.#values.slice(this.#first);
      this.#first = 0;
    }
    return value;
  }

  /** Drops everything. */
  clear(): void {
    this.#values = [];
    this.#first = 0;
  }
}
