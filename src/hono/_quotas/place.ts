import type { Clock } from "../../_internal/clock.ts";
import type { RealtimeStore, StoreHold } from "../realtime_store.ts";

/** What a {@linkcode Place} is made of. */
export interface PlaceOptions {
  /** Where places are kept. */
  readonly store: RealtimeStore;
  /** Source of time. */
  readonly clock: Clock;
  /** Who has the place. */
  readonly id: string;
  /** How long it stays taken unless it is renewed, in milliseconds. */
  readonly ttlMs: number;
  /** Whether it is renewed. */
  readonly isRenewed: boolean;
  /** Is told when the store fails. */
  readonly report: (error: unknown) => void;
}

/** A place of a relay or a call: in one set for its caller, and in one for all. */
export class Place {
  readonly #options: PlaceOptions;
  readonly #taken = new Map<string, number>();
  #cancelTimer: (() => void) | undefined;
  #isReleased = false;

  constructor(options: PlaceOptions) {
    this.#options = options;
  }

  /** Whether there is anything to give back. */
  get isTaken(): boolean {
    return this.#taken.size > 0;
  }

  /** Takes one of `max` places in a set. */
  async take(key: string, max: number): Promise<StoreHold> {
    const { id, isRenewed, store, ttlMs } = this.#options;
    // Before it is certain: a place that is not known to be taken is given back, too.
    this.#taken.set(key, max);
    const hold = await store.hold(key, id, { max, ttlMs });
    if (!hold.ok) this.#taken.delete(key);
    if (hold.ok && isRenewed && !this.#isReleased) this.#renewLater();
    return hold;
  }

  /** Gives everything back; idempotent. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#cancelTimer?.();
    for (const key of this.#taken.keys()) this.#attempt((store) => store.release(key, this.#options.id));
  }

  #renewLater(): void {
    const { clock, id, ttlMs } = this.#options;
    this.#cancelTimer ??= clock.schedule(() => {
      this.#cancelTimer = undefined;
      // A holder keeps its place, however many others there are.
      for (const key of this.#taken.keys()) this.#attempt((store) => store.hold(key, id, { max: Infinity, ttlMs }));
      this.#renewLater();
    }, ttlMs / 3);
  }

  #attempt(act: (store: RealtimeStore) => unknown): void {
    const { report, store } = this.#options;
    new Promise((resolve) => resolve(act(store))).catch(report);
  }
}
