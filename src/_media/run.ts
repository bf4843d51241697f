// This module is browser compatible.

/** A task that runs until it is stopped or fails, and waits for one promise at a time. */
export class Run {
  #end: (() => void) | undefined;
  #isStopped = false;
  #failure: { readonly error: unknown } | undefined;

  /** Stops it. Idempotent. */
  stop(): void {
    this.#isStopped = true;
    this.#end?.();
  }

  /** Ends it with an error. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#end?.();
  }

  /** Waits for a promise; resolves with `undefined` when it is stopped first, and rejects when it fails. */
  async until<T>(promise: Promise<T>): Promise<T | undefined> {
    // Promise.race with a long-lived promise would keep a reaction for each wait.
    const { promise: ended, resolve } = Promise.withResolvers<undefined>();
    this.#end = () => resolve(undefined);
    if (this.#isStopped || this.#failure) resolve(undefined);
    // A late result is ignored.
    promise.catch(() => {});
    const value = await Promise.race([ended, promise]);
    this.#end = undefined;
    if (this.#failure) throw this.#failure.error;
    return this.#isStopped ? undefined : value;
  }
}
