// This module is browser compatible.

/** Number of vacant places at the front above which they are freed; fewer are cheaper to keep than a new array. */
const MAX_VACANT = 15;

/** A queue with operations in constant time: `Array.prototype.shift` moves the remaining entries of a long array. */
export class Fifo<T> {
  #values: (T | undefined)[] = [];
  #first = 0;

  /** Number of values in the queue. */
  get size(): number {
    return this.#values.length - this.#first;
  }

  /** The oldest value. */
  peek(): T | undefined {
    return this.#values[this.#first];
  }

  /** Adds a value at the end. */
  push(value: T): void {
    this.#values.push(value);
  }

  /** Removes and returns the oldest value. */
  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const value = this.#values[this.#first];
    this.#values[this.#first++] = undefined;
    if (this.#first > MAX_VACANT && this.#first > this.size) {
      this.#values = this.#values.slice(this.#first);
      this.#first = 0;
    }
    return value;
  }

  /** Removes all values. */
  clear(): void {
    this.#values = [];
    this.#first = 0;
  }
}
