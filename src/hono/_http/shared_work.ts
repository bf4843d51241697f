import type { Clock } from "../../_internal/clock.ts";

/** Options of {@linkcode SharedWork}. */
export interface SharedWorkOptions {
  /** Source of time. */
  readonly clock: Clock;
  /**
   * Time after which work counts as abandoned, in milliseconds: a Worker may be stopped in the middle of it, and its
   * promise then never settles.
   */
  readonly longestMs: number;
  /** Whether a repetition shares a failure of the work; if not, it does the work again. */
  readonly sharesFailures: boolean;
}

/** Work in progress. */
interface Running<Result> {
  readonly result: Promise<Result>;
  readonly signal: AbortSignal;
  readonly startedMs: number;
}

/** Work for a request. Repetitions of the request join it while it is in progress. */
export class SharedWork<Result> {
  readonly #options: SharedWorkOptions;
  readonly #running = new Map<string, Running<Result>>();

  constructor(options: SharedWorkOptions) {
    this.#options = options;
  }

  /** Joins the work in progress under this key, or does it. `signal` is that of the request. */
  async do(key: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    for (let other = this.#find(key); other; other = this.#find(key)) {
      try {
        return await other.result;
      } catch (error) {
        // The end of the other request does not concern this one.
        if (this.#options.sharesFailures && error !== other.signal.reason) throw error;
      }
      signal.throwIfAborted();
    }
    const own = { result: work(), signal, startedMs: this.#options.clock.now() };
    this.#running.set(key, own);
    try {
      return await own.result;
    } finally {
      if (this.#running.get(key) === own) this.#running.delete(key);
    }
  }

  #find(key: string): Running<Result> | undefined {
    const { clock, longestMs } = this.#options;
    // In the order of their start.
    for (const [abandoned, { startedMs }] of this.#running) {
      if (clock.now() - startedMs < longestMs) break;
      this.#running.delete(abandoned);
    }
    return this.#running.get(key);
  }
}
