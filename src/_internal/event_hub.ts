// This module is browser compatible.
import { LazyMap } from "./lazy_collections.ts";
import { Multicast } from "./multicast.ts";
import { callListener } from "./call_listener.ts";

/** How many events are kept for late readers and listeners. With one more, all of them are discarded. */
export const MAX_EARLY = 256;

/**
 * Gives events to readers, at their own pace, and to listeners, at once. The first events are kept for readers and
 * listeners that are added later, as nothing can be added while a session opens: until the first event after
 * {@linkcode ready} that has a reader or listener, and at most {@linkcode MAX_EARLY} of them.
 *
 * `E` is the union of events; `M` maps the types that `on()` accepts to their events, with `"*"` for every event.
 */
export class EventHub<E extends { readonly type: string }, M> {
  readonly #readers = new Multicast<E>();
  /** Listeners by type. Those of a type are replaced as a whole: whoever calls them goes on with the ones there were. */
  readonly #listeners = new LazyMap<string, readonly ((event: E) => unknown)[]>();
  readonly #onListenerError: (error: unknown, eventType: string) => void;
  #early: E[] | undefined = [];
  #ready = false;

  /** Makes a hub; `onListenerError` is called with the error of a listener, and the type of the event that it got. */
  constructor(onListenerError: (error: unknown, eventType: string) => void) {
    this.#onListenerError = onListenerError;
  }

  /** From now on, events are kept only until one of them has a reader or listener. */
  ready(): void {
    this.#ready = true;
  }

  /**
   * Gives an event to every reader, and to every listener that there is at this moment; returns whether there is one. With
   * `isKept` false it is not kept for those that are added later: it is large, and too late for them.
   */
  publish(event: E, isKept = true): boolean {
    const listeners = this.#listenersOf(event.type);
    const isHeard = this.#readers.size > 0 || listeners.length > 0;
    if (isHeard && this.#ready || this.#early?.length === MAX_EARLY) this.#early = undefined;
    if (isKept) this.#early?.push(event);
    this.#readers.publish(event);
    for (const listener of listeners) this.#call(listener, event);
    return isHeard;
  }

  /** Whether an event of this type has a reader or listener. */
  isHeard(type: string): boolean {
    return this.#readers.size > 0 || this.hasListener(type);
  }

  /** Whether an event of this type has a listener. */
  hasListener(type: string): boolean {
    return this.#listenersOf(type).length > 0;
  }

  /**
   * Publishes the last event, if there is one, which no bound can drop; then ends every reader and removes the listeners.
   * With an error, the readers throw it after that event.
   */
  end(last?: E, error?: Error): void {
    for (const listener of last ? this.#listenersOf(last.type) : []) this.#call(listener, last!);
    this.#readers.end(last ? [last] : [], error);
    this.#listeners.clear();
  }

  /** Makes an independent reader: of every event, or of those that `accepts` accepts. */
  read(accepts?: (event: E) => boolean): AsyncIterableIterator<E> {
    return this.#readers.subscribe(this.#early, undefined, accepts);
  }

  /** Adds a listener; the returned function removes it. */
  on<T extends keyof M & string>(type: T, listener: (event: M[T]) => void): () => void {
    let isListening = true;
    const entry = (event: E): unknown => isListening && listener(event as unknown as M[T]);
    this.#listeners.set(type, (this.#listeners.get(type) ?? []).concat(entry));
    for (const event of [...this.#early ?? []]) if (type === "*" || event.type === type) this.#call(entry, event);
    return () => {
      isListening = false;
      const others = (this.#listeners.get(type) ?? []).filter((listener) => listener !== entry);
      if (others.length > 0) return void this.#listeners.set(type, others);
      this.#listeners.delete(type);
      this.#listeners.trim();
    };
  }

  #listenersOf(type: string): readonly ((event: E) => unknown)[] {
    const own = this.#listeners.get(type) ?? [];
    const every = this.#listeners.get("*");
    return every ? own.concat(every) : own;
  }

  #call(listener: (event: E) => unknown, event: E): void {
    callListener(() => listener(event), (error) => this.#onListenerError(error, event.type));
  }
}
