// This module is browser compatible.
import { LazySet } from "./lazy_collections.ts";

/**
 * Default number of values that may wait in one reader. When one more arrives, the reader loses them all and its next
 * read throws.
 */
export const DEFAULT_MAX_UNREAD = 4096;

/**
 * Delivers every value to every reader, at the reader's own pace.
 *
 * Publishing never waits. When more than `maxUnread` values wait in a reader, the reader is dropped: its values are
 * discarded, and its next read throws a `QuotaExceededError`. The other readers and the publisher are not affected.
 */
export class Multicast<T> {
  readonly #readers = new LazySet<MulticastReader<T>>();
  #end: { readonly last: readonly T[]; readonly error: Error | undefined } | undefined;

  /** Number of readers. */
  get size(): number {
    return this.#readers.size;
  }

  /** Delivers `value` to every reader. */
  publish(value: T): void {
    for (const reader of this.#readers) reader.push(value);
  }

  /**
   * Ends every current reader after its waiting values, and every later reader immediately. `last` is delivered before
   * the end to those that accept it, regardless of any bound; with an error, the next read after it throws that error once.
   */
  end(last: readonly T[] = [], error?: Error): void {
    this.#end = { last, error };
    for (const reader of this.#readers) reader.end(last, error);
    this.#readers.clear();
  }

  /** Creates a reader of `first` and of everything published from now on, filtered by `accepts`. */
  subscribe(
    first: readonly T[] = [],
    maxUnread = DEFAULT_MAX_UNREAD,
    accepts?: (value: T) => boolean,
  ): AsyncIterableIterator<T> {
    const leave = () => this.#readers.delete(reader);
    const reader: MulticastReader<T> = new MulticastReader(maxUnread, leave, accepts);
    if (!this.#end) this.#readers.add(reader);
    for (const value of first) reader.push(value);
    if (this.#end) reader.end(this.#end.last, this.#end.error);
    return reader;
  }
}

class MulticastReader<T> implements AsyncIterableIterator<T> {
  readonly #maxUnread: number;
  readonly #leave: () => void;
  readonly #accepts: ((value: T) => boolean) | undefined;
  #queue: T[] = [];
  #waiting: PromiseWithResolvers<IteratorResult<T>>[] = [];
  #ended = false;
  /** Thrown once, after the last value. */
  #error: Error | undefined;

  constructor(maxUnread: number, leave: () => void, accepts: ((value: T) => boolean) | undefined) {
    this.#maxUnread = maxUnread;
    this.#leave = leave;
    this.#accepts = accepts;
  }

  push(value: T): void {
    if (this.#ended || this.#accepts?.(value) === false) return;
    const waiting = this.#waiting.shift();
    if (waiting) return waiting.resolve({ done: false, value });
    if (this.#queue.length < this.#maxUnread) return void this.#queue.push(value);
    this.#leave();
    this.#queue = [];
    const message = `Cannot continue reading as more than ${this.#maxUnread} events waited unread`;
    this.end([], new DOMException(message, "QuotaExceededError"));
  }

  end(last: readonly T[] = [], error?: Error): void {
    // A reader that was dropped already knows that it has missed values.
    if (this.#ended) return;
    this.#queue.push(...last.filter((value) => this.#accepts?.(value) !== false));
    this.#ended = true;
    this.#error = error;
    for (const waiting of this.#waiting.splice(0)) this.next().then(waiting.resolve, waiting.reject);
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#queue.length > 0) return Promise.resolve({ done: false, value: this.#queue.shift()! });
    if (this.#ended) {
      const error = this.#error;
      this.#error = undefined;
      return error ? Promise.reject(error) : Promise.resolve({ done: true, value: undefined });
    }
    const waiting = Promise.withResolvers<IteratorResult<T>>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  return(): Promise<IteratorResult<T>> {
    this.#leave();
    this.#queue = [];
    this.#error = undefined;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return this;
  }
}
