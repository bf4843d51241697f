// This module is browser compatible.

/** Something that goes on until it is stopped, or fails; waits for one thing at a time. */
export class Run {
  #end: (() => void) | undefined;
  #isStopped = false;
  #failure: { readonly error: unknown } | undefined;

  /** Stops it. Idempotent. */
  stop(): void {
    this.#isStopped = true;
    this.#end?.();
  }

  /** Ends it in an error. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#end?.();
  }

  /** Waits for a promise; resolves with `undefined` when it is stopped before, and rejects when it fails. */
  async until<T>(promise: Promise<T>): Promise<T | undefined> {
    // Not Promise.race with a promise that lives as long as this: it would keep a reaction for each wait.
    const { promise: ended, resolve } = Promise.withResolvers<undefined>();
    this.#end = () => resolve(undefined);
    if (this.#isStopped || this.#failure) resolve(undefined);
    // What comes too late is let go.
    promise.catch(() => {});
    const value = await Promise.race([ended, promise]);
    this.#end = undefined;
    if (this.#failure) throw this.#failure.error;
    return this.#isStopped ? undefined : value;
  }
}
