/** Work that continues after its initiators have gone. */
export class Endings {
  readonly #running = new Set<Promise<unknown>>();

  /** Tracks work until it has ended, and returns it. */
  add<Result>(work: Promise<Result>): Promise<Result> {
    const ended = work.catch(() => undefined).finally(() => this.#running.delete(ended));
    this.#running.add(ended);
    return work;
  }

  /** Resolves when all of it has ended, and all that it has added. */
  async all(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
