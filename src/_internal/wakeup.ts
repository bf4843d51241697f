// This module is browser compatible.

/** A repeatable event to wait for. It costs nothing while there are no waiters. */
export class Wakeup {
  #next: PromiseWithResolvers<void> | undefined;

  /** Resolves at the next {@linkcode wake}. */
  get next(): Promise<void> {
    return (this.#next ??= Promise.withResolvers()).promise;
  }

  /** Wakes everyone who waits. */
  wake(): void {
    this.#next?.resolve();
    this.#next = undefined;
  }
}
