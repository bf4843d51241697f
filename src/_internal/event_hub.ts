// This module is browser compatible.
import { LazyMap } from "./lazy_collections.ts";
import { Multicast } from "./multicast.ts";
import { callListener } from "./call_listener.ts";

/** Number of events kept for late readers and listeners. When one more arrives, all of them are discarded. */
export const MAX_EARLY = 256;

/**
 * Delivers events to readers, at their own pace, and to listeners, immediately. As neither can be added while a session
 * opens, the first events are kept for those added later: at most {@linkcode MAX_EARLY} events, until the first event
 * after {@linkcode ready} that has a reader or listener.
 *
 * `E` is the union of events; `M` maps the types that `on()` accepts to their events, with `"*"` for every event.
 */
export class EventHub<E extends { readonly type: string }, M> {
  readonly #readers = new Multicast<E>();
  /** Listeners by type. Arrays are replaced, never changed, so that they need not be copied for a call. */
  readonly #listeners = new LazyMap<string, readonly ((event: E) => unknown)[]>();
  readonly #onListenerError: (error: unknown, eventType: string) => void;
  #early: E[] | undefined = [];
  #ready = false;

  /** Creates a hub. `onListenerError` is called with the error that a listener threw, and the type of the event. */
  constructor(onListenerError: (error: unknown, eventType: string) => void) {
    this.#onListenerError = onListenerError;
  }

  /** From now on, events are kept only until one of them has a reader or listener. */
  ready(): void {
    this.#ready = true;
  }

  /**
   * Delivers an event to every current reader and listener, and returns whether there is one. With `isKept` false, the
   * event is not kept for those added later: used for events that are large and useless afterwards.
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
   * Publishes `last`, if given, regardless of any bound; then ends every reader and removes the listeners. With an
   * error, the readers throw it after that event.
   */
  end(last?: E, error?: Error): void {
    for (const listener of last ? this.#listenersOf(last.type) : []) this.#call(listener, last!);
    this.#readers.end(last ? [last] : [], error);
    this.#listeners.clear();
  }

  /** Creates an independent reader of all events, or of those that `accepts` accepts. */
  read(accepts?: (event: E) => boolean): AsyncIterableIterator<E> {
    return this.#readers.subscribe(this.#early, undefined, accepts);
  }

  /** Adds a listener; the returned function removes it. */
  on<T extends keyof M & string>(type: T, listener: (event: M[T]) => void): () => void {
    if (typeof listener !== "function") throw new TypeError(`Cannot listen to ${type} as listener must be a function`);
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
