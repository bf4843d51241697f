// This module is browser compatible.

/**
 * Values that come one by one and can be read any number of times, each reading from the start, however late.
 *
 * At most `maxWeight` (the sum of what `weigh` says of each value) is kept; beyond it the values are let go, and every
 * reading that has not got past them fails with a `QuotaExceededError`.
 */
export class Replay<T> {
  readonly #maxWeight: number;
  readonly #weigh: (value: T) => number;
  #values: T[] = [];
  #weight = 0;
  #ended = false;
  #error: Error | undefined;
  #more: PromiseWithResolvers<void> | undefined;

  constructor(maxWeight: number, weigh: (value: T) => number) {
    this.#maxWeight = maxWeight;
    this.#weigh = weigh;
  }

  /** Adds a value; does nothing after {@linkcode end}. */
  push(value: T): void {
    if (this.#ended) return;
    this.#weight += this.#weigh(value);
    this.#values.push(value);
    if (this.#weight > this.#maxWeight) {
      this.#values = [];
      const message = `Cannot read a response late as it is longer than ${this.#maxWeight} characters`;
      return this.end(new DOMException(message, "QuotaExceededError"));
    }
    this.#wake();
  }

  /** Says that no value follows; with an error, every reading ends in it. Only the first call counts. */
  end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#wake();
  }

  /** All values, once the last has come. */
  async all(): Promise<readonly T[]> {
    while (!this.#ended) await this.#wait();
    if (this.#error) throw this.#error;
    return this.#values;
  }

  /** The values from the first on, as they come, each passed through `map`. An error follows what came before it. */
  stream<U>(map: (value: T) => U): ReadableStream<U> {
    let index = 0;
    return new ReadableStream<U>({
      pull: async (controller) => {
        while (index >= this.#values.length && !this.#ended) await this.#wait();
        if (index < this.#values.length) return controller.enqueue(map(this.#values[index++]!));
        if (this.#error) controller.error(this.#error);
        else controller.close();
      },
    }, { highWaterMark: 0 });
  }

  #wait(): Promise<void> {
    return (this.#more ??= Promise.withResolvers()).promise;
  }

  #wake(): void {
    this.#more?.resolve();
    this.#more = undefined;
  }
}
