// This module is browser compatible.
import { Broadcast } from "./broadcast.ts";

/** How many events are kept for readers that come right after everything is ready. */
const MAX_EARLY = 256;

/**
 * Hands events to readers, at their own pace, and to listeners, at once. What arrives before {@linkcode ready} is kept
 * for those that come before the next event, so that nobody misses what happened while he could not yet listen.
 *
 * `E` is the union of events; `M` maps what `on()` knows to the events that it gives, with `"*"` for every event.
 */
export class EventHub<E extends { readonly type: string }, M> {
  readonly #readers = new Broadcast<E>();
  readonly #listeners = new Map<string, Set<(event: E) => void>>();
  readonly #onListenerError: (error: unknown, eventType: string) => void;
  #early: E[] = [];
  #ready = false;

  /** Makes a hub; `onListenerError` is told what a listener threw, and the type of the event it was called with. */
  constructor(onListenerError: (error: unknown, eventType: string) => void) {
    this.#onListenerError = onListenerError;
  }

  /** From now on events are no longer kept. */
  ready(): void {
    this.#ready = true;
  }

  /** Gives an event to every listener, then to every reader. */
  publish(event: E): void {
    if (!this.#ready && this.#early.length < MAX_EARLY) this.#early.push(event);
    if (this.#ready && (this.#readers.size > 0 || this.#listeners.size > 0)) this.#early = [];
    for (const type of [event.type, "*"]) {
      for (const listener of this.#listeners.get(type) ?? []) this.#call(listener, event);
    }
    this.#readers.publish(event);
  }

  /** Ends every reader, once it has read what waits; forgets the listeners. */
  end(): void {
    this.#readers.end();
    this.#listeners.clear();
  }

  /** Makes an independent reader. */
  read(): AsyncIterableIterator<E> {
    return this.#readers.subscribe(this.#early);
  }

  /** Adds a listener; the function that is returned takes it out again. */
  on<T extends keyof M & string>(type: T, listener: (event: M[T]) => void): () => void {
    const entry = (event: E) => listener(event as unknown as M[T]);
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(entry));
    for (const event of this.#early) if (type === "*" || event.type === type) this.#call(entry, event);
    return () => {
      listeners.delete(entry);
      if (listeners.size === 0 && this.#listeners.get(type) === listeners) this.#listeners.delete(type);
    };
  }

  #call(listener: (event: E) => void, event: E): void {
    try {
      listener(event);
    } catch (error) {
      this.#onListenerError(error, event.type);
    }
  }
}
