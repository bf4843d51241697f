// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";

/** Delay of a timer from which the page is assumed to have been frozen, in milliseconds. */
const FROZEN_MS = 2000;

/** Callbacks of a peer watch. */
export interface PeerWatchEvents {
  /** The connection was interrupted and may return, or has returned. */
  onInterrupted(isInterrupted: boolean): void;
  /** The other side is permanently gone. */
  onDead(): void;
}

/**
 * Decides from the states of a peer connection whether the other side is gone. `disconnected` is not an end, as most
 * connections return from it, unless it lasts for `graceMs`; `failed` is final.
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

  /** Records a new state. */
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
      // A frozen page has had no time to reconnect, so its grace period restarts.
      if (this.#clock.now() - dueAt > FROZEN_MS) this.#wait();
      else this.#die();
    }, this.#graceMs);
  }

  #die(): void {
    this.stop();
    this.#events.onDead();
  }
}
