/** What is still being ended after those who asked for it have gone. */
export class Endings {
  readonly #running = new Set<Promise<void>>();

  /** Remembers something until it has ended; it must not reject. */
  add(ending: Promise<void>): void {
    this.#running.add(ending);
    void ending.finally(() => this.#running.delete(ending));
  }

  /** Resolves when everything has ended. */
  async all(): Promise<void> {
    await Promise.all(this.#running);
  }
}
