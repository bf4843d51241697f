// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";

/** How late a timer may be before the page must have been frozen, in milliseconds. */
const FROZEN_MS = 2000;

/** What a peer watch reports. */
export interface PeerWatchEvents {
  /** The connection was interrupted and may come back, or did come back. */
  onInterrupted(isInterrupted: boolean): void;
  /** The other side is gone for good. */
  onDead(): void;
}

/**
 * Decides from the states of a peer connection when the other side is gone. `disconnected` is no end: most connections
 * come back from it. It becomes one when it lasts for `graceMs`; `failed` is final at once.
 */
export class PeerWatch {
  readonly #graceMs: number;
  readonly #clock: Clock;
  readonly #events: PeerWatchEvents;
  #cancelTimer: (() => void) | undefined;
  #isOver = false;

  constructor(graceMs: number, clock: Clock, events: PeerWatchEvents) {
    this.#graceMs = graceMs;
    this.#clock = clock;
    this.#events = events;
  }

  /** Takes a new state. */
  change(state: string): void {
    if (this.#isOver) return;
    if (state === "failed" || state === "closed") return this.#die();
    if (state === "disconnected" && !this.#cancelTimer) {
      this.#wait();
      this.#events.onInterrupted(true);
    } else if (state === "connected" && this.#cancelTimer) {
      this.#cancelTimer();
      this.#cancelTimer = undefined;
      this.#events.onInterrupted(false);
    }
  }

  /** Stops watching; idempotent. */
  stop(): void {
    this.#isOver = true;
    this.#cancelTimer?.();
  }

  #wait(): void {
    const dueAt = this.#clock.now() + this.#graceMs;
    this.#cancelTimer = this.#clock.schedule(() => {
      // A page that was frozen has had no time to reconnect: it gets its grace from now on.
      if (this.#clock.now() - dueAt > FROZEN_MS) this.#wait();
      else this.#die();
    }, this.#graceMs);
  }

  #die(): void {
    this.stop();
    this.#events.onDead();
  }
}
