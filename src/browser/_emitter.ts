// This module is browser compatible.

/**
 * Listeners by event type.
 *
 * @category Browser
 */
export class Emitter<Events extends { readonly type: string }> {
  readonly #entries = new Set<readonly [type: string, listener: (event: never) => unknown]>();

  /** Adds a listener; the returned function removes it. */
  on<Type extends Events["type"]>(
    type: Type,
    listener: (event: Extract<Events, { readonly type: Type }>) => void,
  ): () => void {
    const entry = [type, listener] as const;
    this.#entries.add(entry);
    return () => void this.#entries.delete(entry);
  }

  /**
   * Calls the listeners of the event's type. An exception or a rejection is reported to the console, and the other
   * listeners are still called.
   */
  emit(event: Events): void {
    for (const [type, listener] of [...this.#entries]) {
      if (type === event.type) (async () => await listener(event as never))().catch(console.error);
    }
  }

  /** Removes all listeners. */
  clear(): void {
    this.#entries.clear();
  }
}
