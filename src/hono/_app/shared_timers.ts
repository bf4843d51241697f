import type { Clock } from "../../_internal/clock.ts";

/** Delays are rounded up to a multiple of this, so that many share a timer; in milliseconds. */
const GRAIN_MS = 100;

/** A waiting callback. */
interface Entry {
  readonly dueMs: number;
  readonly callback: () => void;
}

/**
 * A clock whose delays of equal length share a timer, for the deadlines of requests: nearly all of them are cancelled,
 * and setting and clearing a timer takes longer than most other work for a request. They fire up to 100 ms late.
 */
export function sharedTimers(clock: Clock): Clock {
  const queues = new Map<number, Queue>();
  return {
    now: () => clock.now(),
    schedule(callback, delayMs) {
      // Short delays must be exact.
      if (!(delayMs >= 10 * GRAIN_MS)) return clock.schedule(callback, delayMs);
      const length = Math.ceil(delayMs / GRAIN_MS) * GRAIN_MS;
      let queue = queues.get(length);
      if (!queue) queues.set(length, queue = new Queue(clock, length, () => queues.delete(length)));
      return queue.add(callback);
    },
  };
}

/** Delays of equal length, in the order in which they are due. */
class Queue {
  readonly #clock: Clock;
  readonly #delayMs: number;
  readonly #onEmpty: () => void;
  readonly #entries = new Set<Entry>();
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, delayMs: number, onEmpty: () => void) {
    this.#clock = clock;
    this.#delayMs = delayMs;
    this.#onEmpty = onEmpty;
  }

  add(callback: () => void): () => void {
    const entry = { dueMs: this.#clock.now() + this.#delayMs, callback };
    this.#entries.add(entry);
    this.#cancel ??= this.#clock.schedule(() => this.#expire(), this.#delayMs);
    return () => {
      if (this.#entries.delete(entry)) this.#endIfEmpty();
    };
  }

  #expire(): void {
    this.#cancel = undefined;
    const now = this.#clock.now();
    for (const entry of this.#entries) {
      if (entry.dueMs > now) {
        this.#cancel = this.#clock.schedule(() => this.#expire(), entry.dueMs - now);
        return;
      }
      this.#entries.delete(entry);
      entry.callback();
    }
    this.#endIfEmpty();
  }

  #endIfEmpty(): void {
    if (this.#entries.size > 0) return;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#onEmpty();
  }
}
