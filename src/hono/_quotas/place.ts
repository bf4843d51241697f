import type { Clock } from "../../_internal/clock.ts";
import type { RealtimeStore, StoreHold } from "../realtime_store.ts";
import { StoreError } from "./guarded_store.ts";

/**
 * Pauses before further attempts to release a place, in milliseconds: a call's place would stay taken for the longest
 * duration of a call. Together they are shorter than the time that a Worker has after its response.
 */
const RETRY_PAUSES_MS: readonly number[] = [1_000, 10_000];

/** Options of a {@linkcode Place}. */
export interface PlaceOptions {
  /** The store of the places. */
  readonly store: RealtimeStore;
  /** Source of time. */
  readonly clock: Clock;
  /** Id of the holder. */
  readonly id: string;
  /** Time that it stays taken unless it is renewed, in milliseconds. */
  readonly ttlMs: number;
  /** Whether it is renewed. */
  readonly isRenewed: boolean;
  /** Reports failures of the store. */
  readonly report: (error: unknown) => void;
  /** Registers work that the response does not wait for: Workers drop other work with the response. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** The place of a relay or a call: in one set for its caller, and in one for all. */
export class Place {
  readonly #options: PlaceOptions;
  readonly #taken = new Set<string>();
  #cancelTimer: (() => void) | undefined;
  #isReleased = false;
  /** Number of attempts to take or renew it that the store has not confirmed. */
  #unconfirmed = 0;

  constructor(options: PlaceOptions) {
    this.#options = options;
  }

  /** Its id; `undefined` if there is nothing to release. */
  get id(): string | undefined {
    return this.#taken.size > 0 ? this.#options.id : undefined;
  }

  /** Takes one of `max` places in a set. */
  async take(key: string, max: number): Promise<StoreHold> {
    const { isRenewed } = this.#options;
    // Before it is confirmed: a place whose state is unknown is released, too.
    this.#taken.add(key);
    const hold = await this.#hold(key, max);
    if (!hold.ok) this.#taken.delete(key);
    if (hold.ok && isRenewed) this.#renewLater();
    return hold;
  }

  /** Releases everything; idempotent. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#cancelTimer?.();
    const isUnsure = this.#unconfirmed > 0;
    for (const key of this.#taken) this.#options.waitUntil(freePlace(key, { ...this.#options, isUnsure }));
  }

  async #hold(key: string, max: number): Promise<StoreHold> {
    const { id, store, ttlMs, waitUntil } = this.#options;
    this.#unconfirmed++;
    try {
      const hold = await store.hold(key, id, { max, ttlMs });
      this.#unconfirmed--;
      return hold;
    } catch (error) {
      // It may be taken after all attempts to free it.
      if (error instanceof StoreError && error.late) waitUntil(error.late.then(() => this.#freeAgain(key), () => {}));
      throw error;
    }
  }

  /** Frees a place that the store has taken late, unless it is still wanted. */
  #freeAgain(key: string): Promise<void> | undefined {
    return this.#isReleased ? freePlace(key, this.#options) : undefined;
  }

  #renewLater(): void {
    const { clock, report, ttlMs, waitUntil } = this.#options;
    this.#cancelTimer ??= clock.schedule(() => {
      this.#cancelTimer = undefined;
      // A holder keeps its place, regardless of the number of others.
      for (const key of this.#taken) waitUntil(this.#hold(key, Infinity).catch(report));
      this.#renewLater();
    }, ttlMs / 3);
  }
}

/** How a place is freed. */
interface Freeing extends Pick<PlaceOptions, "clock" | "id" | "report" | "store" | "waitUntil"> {
  /**
   * Whether the store may take it later, as it has not answered yet: it is then freed repeatedly.
   *
   * @default {false}
   */
  readonly isUnsure?: boolean;
}

/** Frees a place in a set. Resolves after the first attempt; further ones follow when the store fails. */
export async function freePlace(
  key: string,
  options: Freeing,
  [pauseMs, ...laterMs]: readonly number[] = RETRY_PAUSES_MS,
): Promise<void> {
  const { clock, id, isUnsure, report, store, waitUntil } = options;
  try {
    await store.release(key, id);
    if (!isUnsure) return;
  } catch (error) {
    report(error);
  }
  if (pauseMs === undefined) return;
  waitUntil(
    new Promise((resolve) => clock.schedule(() => resolve(freePlace(key, options, laterMs)), pauseMs)),
  );
}
