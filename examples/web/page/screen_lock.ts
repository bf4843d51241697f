/** Keeps the screen on while it is wanted. Not every browser can, and one with a low battery refuses. */
export class ScreenLock {
  readonly #isWanted: () => boolean;
  #lock: { release(): Promise<void> } | undefined;

  constructor(isWanted: () => boolean) {
    this.#isWanted = isWanted;
    // The browser lets go of it while the page is hidden.
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.update());
  }

  /** Takes the lock if it is wanted, and releases it otherwise. */
  async update(): Promise<void> {
    const lock = this.#isWanted() ? await navigator.wakeLock?.request("screen").catch(() => undefined) : undefined;
    void this.#lock?.release();
    this.#lock = lock;
    if (lock && !this.#isWanted()) await this.update();
  }
}
