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
    this.#multicast.end([], error);
  }

  /** Creates an independent reader. */
  read(): AsyncIterableIterator<T> {
    const first = this.#early;
    this.#early = undefined;
    return this.#multicast.subscribe(first);
  }
}
