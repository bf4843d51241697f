// This module is browser compatible.
import { LazySet } from "./lazy_collections.ts";
import { Wakeup } from "./wakeup.ts";

/** Where a reading is: the number of the value that it reads next. */
interface Reading {
  next: number;
}

/**
 * Values that come one by one and can be read any number of times, each reading from the start.
 *
 * What a reading has still to read is kept, up to `maxWeight` (the sum of what `weigh` says of each value). What no reading
 * needs is kept for later ones as long as all of it weighs at most `maxUnread`; beyond that it is let go, and with the start
 * gone nothing more is kept but for readings at work. A reading that has missed a value fails with a `QuotaExceededError`.
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

  /** Adds a value; does nothing after {@linkcode end}. */
  push(value: T): void {
    if (this.#ended) return;
    this.#values.push(value);
    this.#weight += this.#weigh(value);
    this.#trim();
    this.#more.wake();
  }

  /** Says that no value follows; with an error, every reading ends in it. Only the first call counts. */
  end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#more.wake();
  }

  /** All values, once the last has come. */
  async all(): Promise<readonly T[]> {
    const reading = this.#begin();
    while (!this.#ended) await this.#more.next;
    this.#readings.delete(reading);
    if (this.#error) throw this.#error;
    if (this.#letGo > 0) throw this.#tooLate();
    return this.#values;
  }

  /** The values from the first on, as they come, each passed through `map`. An error follows what came before it. */
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

  /** Drops the excess, and entries that no reader can need any more. */
  #trim(): void {
    let needed = Infinity;
    for (const { next } of this.#readings) needed = Math.min(needed, next);
    const isUnneeded = () => this.#letGo < needed && (this.#letGo > 0 || this.#weight > this.#maxUnread);
    while (this.#values.length > 0 && (this.#weight > this.#maxWeight || isUnneeded())) {
      this.#weight -= this.#weigh(this.#values.shift()!);
      this.#letGo++;
    }
  }

  #tooLate(): DOMException {
    const message = `Cannot read a response from its start as it is longer than ${this.#maxUnread} characters: ` +
      `more is kept only for a reader that is there when it comes, up to ${this.#maxWeight}`;
    return new DOMException(message, "QuotaExceededError");
  }
}
