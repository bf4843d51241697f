// This module is browser compatible.

/**
 * Values that come one by one and can be read any number of times, each reading from the start, however late.
 *
 * At most `maxWeight` (the sum of what `weigh` says of each value) is kept; beyond it the oldest values are let go, and
 * every reading that has not got past them fails with a `QuotaExceededError`.
 */
export class Replay<T> {
  readonly #maxWeight: number;
  readonly #weigh: (value: T) => number;
  readonly #values: T[] = [];
  #weight = 0;
  #letGo = 0;
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
    this.#values.push(value);
    this.#weight += this.#weigh(value);
    while (this.#weight > this.#maxWeight) {
      this.#weight -= this.#weigh(this.#values.shift()!);
      this.#letGo++;
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
    if (this.#letGo > 0) throw this.#tooLate();
    return this.#values;
  }

  /** The values from the first on, as they come, each passed through `map`. An error follows what came before it. */
  stream<U>(map: (value: T) => U): ReadableStream<U> {
    let next = 0;
    return new ReadableStream<U>({
      pull: async (controller) => {
        while (next >= this.#letGo + this.#values.length && !this.#ended) await this.#wait();
        if (next < this.#letGo) return controller.error(this.#tooLate());
        if (next < this.#letGo + this.#values.length) {
          return controller.enqueue(map(this.#values[next++ - this.#letGo]!));
        }
        if (this.#error) controller.error(this.#error);
        else controller.close();
      },
    }, { highWaterMark: 0 });
  }

  #tooLate(): DOMException {
    const message = `Cannot read a response from its start as it is longer than ${this.#maxWeight} characters`;
    return new DOMException(message, "QuotaExceededError");
  }

  #wait(): Promise<void> {
    return (this.#more ??= Promise.withResolvers()).promise;
  }

  #wake(): void {
    this.#more?.resolve();
    this.#more = undefined;
  }
}
