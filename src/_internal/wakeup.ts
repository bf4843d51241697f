// This module is browser compatible.

/** Something to wait for that happens again and again; without anybody who waits it costs nothing. */
export class Wakeup {
  #next: PromiseWithResolvers<void> | undefined;

  /** Resolves when it happens next. */
  get next(): Promise<void> {
    return (this.#next ??= Promise.withResolvers()).promise;
  }

  /** Says that it happens. */
  wake(): void {
    this.#next?.resolve();
    this.#next = undefined;
  }
}
