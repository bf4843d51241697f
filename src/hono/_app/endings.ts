/** Work that continues after its initiators have gone. */
export class Endings {
  readonly #running = new Set<Promise<void>>();

  /** Tracks work until it has ended; it must not reject. */
  add(ending: Promise<void>): void {
    this.#running.add(ending);
    void ending.finally(() => this.#running.delete(ending));
  }

  /** Resolves when all of it has ended. */
  async all(): Promise<void> {
    await Promise.all(this.#running);
  }
}
