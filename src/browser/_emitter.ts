// This module is browser compatible.
import { callListener } from "../_internal/call_listener.ts";

/**
 * Listeners by type of event.
 *
 * @category Browser
 */
export class Emitter<Events extends { readonly type: string }> {
  readonly #listeners = new Map<string, Set<(event: Events) => unknown>>();

  /** Adds a listener; the function that is returned takes it out again. */
  on<Type extends Events["type"]>(
    type: Type,
    listener: (event: Extract<Events, { readonly type: Type }>) => void,
  ): () => void {
    const entry = (event: Events): unknown => listener(event as Extract<Events, { readonly type: Type }>);
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(entry));
    return () => void listeners.delete(entry);
  }

  /** Calls the listeners of the event's type. One that throws is reported to the console, and the others are called. */
  emit(event: Events): void {
    for (const listener of [...this.#listeners.get(event.type) ?? []]) {
      callListener(() => listener(event), (error) => console.error(error));
    }
  }

  /** Lets go of all listeners. */
  clear(): void {
    this.#listeners.clear();
  }
}
