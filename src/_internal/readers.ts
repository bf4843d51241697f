// This module is browser compatible.
import { DEFAULT_MAX_UNREAD, Multicast } from "./multicast.ts";

/**
 * Delivers every value to every reader, at the reader's own pace. Values before the first reader are kept for it. After
 * {@linkcode Readers.end} with an error, a reader throws that error once it has read everything; a reader that was
 * dropped does not.
 */
export class Readers<T> {
  readonly #multicast = new Multicast<T>();
  #early: T[] | undefined = [];
  #error: Error | undefined;

  /** Number of readers. */
  get size(): number {
    return this.#multicast.size;
  }

  /** Delivers `value` to every reader, or keeps it for the first one. */
  publish(value: T): void {
    // Beyond the limit of unread values, the first reader throws that it came too late.
    if (this.#early && this.#early.length <= DEFAULT_MAX_UNREAD) this.#early.push(value);
    this.#multicast.publish(value);
  }

  /** Ends every reader after its waiting values, and every later one. */
  end(error?: Error): void {
    this.#error = error;
    this.#multicast.end();
  }

  /** Creates an independent reader. */
  read(): AsyncIterableIterator<T> {
    const first = this.#early ?? [];
    this.#early = undefined;
    return new EndingReader(this.#multicast.subscribe(first), () => this.#error);
  }
}

class EndingReader<T> implements AsyncIterableIterator<T> {
  readonly #reader: AsyncIterableIterator<T>;
  readonly #error: () => Error | undefined;
  #isOver = false;

  constructor(reader: AsyncIterableIterator<T>, error: () => Error | undefined) {
    this.#reader = reader;
    this.#error = error;
  }

  async next(): Promise<IteratorResult<T>> {
    const result = await this.#reader.next();
    if (!result.done || this.#isOver) return result;
    this.#isOver = true;
    const error = this.#error();
    if (error) throw error;
    return result;
  }

  async return(): Promise<IteratorResult<T>> {
    this.#isOver = true;
    await this.#reader.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return this;
  }
}
