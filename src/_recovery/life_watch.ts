// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";

/** The longest life of a session, in milliseconds. */
export const MAX_LIFE_MS = 3_600_000;

/** Minimum plausible life, in milliseconds: with a wall clock that is an hour fast, the computed life is shorter. */
const MIN_LIFE_MS = 60_000;

/**
 * Tracks the remaining life of a session. Neither clock is reliable alone: the monotonic one stands still while a
 * machine sleeps, and the wall clock can be set. The one that has advanced further counts; an error can only make a
 * renewal too early.
 */
export class LifeWatch {
  /** The life of the session, in milliseconds. */
  lifeMs: number = MAX_LIFE_MS;
  readonly #clock: Clock;
  readonly #wallNow: () => number;
  #startMs = 0;
  #wallStartMs = 0;

  constructor(clock: Clock, wallNow: () => number) {
    this.#clock = clock;
    this.#wallNow = wallNow;
  }

  /** Remaining life by the monotonic clock, which cannot be set, in milliseconds. */
  get surelyLeftMs(): number {
    return this.lifeMs - (this.#clock.now() - this.#startMs);
  }

  /** Remaining life, in milliseconds. */
  get leftMs(): number {
    return Math.min(this.surelyLeftMs, this.lifeMs - (this.#wallNow() - this.#wallStartMs));
  }

  /**
   * Restarts the watch for a session that began at this time; `expiresAt` is the end reported by the server, as Unix
   * time in seconds.
   */
  start(expiresAt: unknown, startMs: number): void {
    this.#startMs = startMs;
    this.#wallStartMs = this.#wallNow() - (this.#clock.now() - startMs);
    const lifeMs = Number(expiresAt) * 1000 - this.#wallStartMs;
    // Another value means that a clock is wrong and says nothing about the life of the session.
    this.lifeMs = lifeMs >= MIN_LIFE_MS && lifeMs <= MAX_LIFE_MS ? lifeMs : MAX_LIFE_MS;
  }
}
