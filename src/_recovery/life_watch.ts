// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";

/** The longest life of a session, in milliseconds. */
export const MAX_LIFE_MS = 3_600_000;

/**
 * Tracks the remaining life of a session. Neither clock is reliable alone: the monotonic one stands still while a
 * machine sleeps, and the wall clock can be set. The one that has advanced further counts; an error can only make a
 * renewal too early.
 */
export class LifeWatch {
  readonly #clock: Clock;
  readonly #wallNow: () => number;
  #startMs = 0;
  #wallStartMs = 0;
  #lifeMs = MAX_LIFE_MS;

  constructor(clock: Clock, wallNow: () => number) {
    this.#clock = clock;
    this.#wallNow = wallNow;
  }

  /** The life of the session, in milliseconds. */
  get lifeMs(): number {
    return this.#lifeMs;
  }

  /** Remaining life, in milliseconds. */
  get leftMs(): number {
    const elapsedMs = Math.max(this.#clock.now() - this.#startMs, this.#wallNow() - this.#wallStartMs);
    return this.#lifeMs - elapsedMs;
  }

  /** Restarts the watch; `expiresAt` is the end reported by the server, as Unix time in seconds. */
  start(expiresAt: unknown): void {
    this.#startMs = this.#clock.now();
    this.#wallStartMs = this.#wallNow();
    const lifeMs = Number(expiresAt) * 1000 - this.#wallStartMs;
    // A larger value means that a clock is wrong and says nothing about the life of the session.
    this.#lifeMs = lifeMs > 0 && lifeMs <= MAX_LIFE_MS ? lifeMs : MAX_LIFE_MS;
  }
}
