// This module is browser compatible.
import { LazySet } from "./lazy_collections.ts";
import { Wakeup } from "./wakeup.ts";

/** Position of a reading: the index of its next value. */
interface Reading {
  next: number;
}

/**
 * Values that arrive over time and can be read any number of times, each time from the start.
 *
 * Values that a reading still needs are kept, up to `maxWeight` (the sum of `weigh` over the values). Other values are
 * kept for later readings while the total weight is at most `maxUnread`. Beyond that they are dropped, and from then on
 * values are kept only for current readings. A reading that has missed a value fails with a `QuotaExceededError`.
 */
export class Replay<T> {
  readonly #maxWeight: number;
  readonly #maxUnread: number;
  readonly #weigh: (value: T) => number;
  readonly #values: T[] = [];
  readonly #readings = new LazySet<Reading>();
  #weight = 0;
  #letGo = 0;
  #ended = false;
  #error: Error | undefined;
  readonly #more = new Wakeup();

  constructor(maxWeight: number, weigh: (value: T) => number, maxUnread = maxWeight) {
    this.#maxWeight = maxWeight;
    this.#maxUnread = maxUnread;
    this.#weigh = weigh;
  }

  /** The values that are kept. */
  get kept(): readonly T[] {
    return this.#values;
  }

  /** Adds a value; does nothing after {@linkcode end}. */
  push(value: T): void {
    if (this.#ended) return;
    // Values were dropped already, and no one reads: this one would be dropped, too.
    if (this.#letGo > 0 && this.#readings.size === 0) return void this.#letGo++;
    this.#values.push(value);
    this.#weight += this.#weigh(value);
    this.#trim();
    this.#more.wake();
  }

  /** Marks the end; with an error, every reading fails with it. Only the first call has an effect. */
  end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#more.wake();
  }

  /** Resolves with all values once the last one has arrived. */
  async all(): Promise<readonly T[]> {
    const reading = this.#begin();
    while (!this.#ended) await this.#more.next;
    this.#readings.delete(reading);
    if (this.#error) throw this.#error;
    if (this.#letGo > 0) throw this.#tooLate();
    return this.#values;
  }

  /** Streams all values from the first, each passed through `map`. An error follows the values before it. */
  stream<U>(map: (value: T) => U): ReadableStream<U> {
    const reading = this.#begin();
    const leave = () => {
      this.#readings.delete(reading);
      this.#trim();
    };
    return new ReadableStream<U>({
      pull: async (controller) => {
        const isBehind = () => reading.next < this.#letGo + this.#values.length;
        while (!isBehind() && !this.#ended) await this.#more.next;
        if (isBehind() && reading.next >= this.#letGo) {
          const value = this.#values[reading.next++ - this.#letGo]!;
          this.#trim();
          try {
            return controller.enqueue(map(value));
          } catch (error) {
            leave();
            throw error;
          }
        }
        const error = isBehind() ? this.#tooLate() : this.#error;
        leave();
        if (error) controller.error(error);
        else controller.close();
      },
      cancel: leave,
    }, { highWaterMark: 0 });
  }

  #begin(): Reading {
    const reading = { next: 0 };
    this.#readings.add(reading);
    return reading;
  }

  /** Drops excess values, and values that no reading can still need. */
  #trim(): void {
    let needed = Infinity;
    for (const { next } of this.#readings) needed = Math.min(needed, next);
    while (this.#values.length > 0) {
      const isUnneeded = this.#letGo < needed && (this.#letGo > 0 || this.#weight > this.#maxUnread);
      if (!isUnneeded && this.#weight <= this.#maxWeight) return;
      this.#weight -= this.#weigh(this.#values.shift()!);
      this.#letGo++;
    }
  }

  #tooLate(): DOMException {
    const message = `Cannot read a response from its start as it has more than ${this.#maxUnread} characters`;
    return new DOMException(message, "QuotaExceededError");
  }
}
