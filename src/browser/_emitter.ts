// This module is browser compatible.
import { callListener } from "../_internal/call_listener.ts";

/**
 * Listeners by event type.
 *
 * @category Browser
 */
export class Emitter<Events extends { readonly type: string }> {
  readonly #listeners = new Map<string, Set<(event: Events) => unknown>>();

  /** Adds a listener; the returned function removes it. */
  on<Type extends Events["type"]>(
    type: Type,
    listener: (event: Extract<Events, { readonly type: Type }>) => void,
  ): () => void {
    const entry = (event: Events): unknown => listener(event as Extract<Events, { readonly type: Type }>);
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(entry));
    return () => void listeners.delete(entry);
  }

  /**
   * Calls the listeners of the event's type. An exception is reported to the console, and the other listeners are still
   * called.
   */
  emit(event: Events): void {
    for (const listener of [...this.#listeners.get(event.type) ?? []]) {
      callListener(() => listener(event), (error) => console.error(error));
    }
  }

  /** Removes all listeners. */
  clear(): void {
    this.#listeners.clear();
  }
}
