// This module is browser compatible.
import type { Clock } from "../../../_internal/clock.ts";

/** Dependencies of {@linkcode IdleTimeout}. */
export interface IdleTimeoutOptions {
  /** Source of time. */
  readonly clock: Clock;
  /** Milliseconds of audio that the client has appended. */
  readonly appendedMs: () => number;
  /** The user was silent for long enough, since the given position in the appended audio, in milliseconds. */
  readonly onIdle: (sinceMs: number) => void;
}

/** Waits for a user who does not speak once the model has been heard. */
export class IdleTimeout {
  readonly #options: IdleTimeoutOptions;
  #timeoutMs: number | null = null;
  #cancel: () => void = () => {};

  constructor(options: IdleTimeoutOptions) {
    this.#options = options;
  }

  /** Applies `idle_timeout_ms`; a new value takes effect after the next response. */
  configure(timeoutMs: number | null): void {
    if (timeoutMs === this.#timeoutMs) return;
    this.stop();
    this.#timeoutMs = timeoutMs;
  }

  /** Starts waiting when the response that has just ended has been heard, after a number of milliseconds. */
  beginAfter(playMs: number): void {
    const { appendedMs, clock, onIdle } = this.#options;
    const timeoutMs = this.#timeoutMs;
    this.stop();
    if (timeoutMs === null) return;
    this.#cancel = clock.schedule(() => {
      const sinceMs = appendedMs();
      this.#cancel = clock.schedule(() => onIdle(sinceMs), timeoutMs);
    }, playMs);
  }

  /** Stops waiting: someone speaks. */
  stop(): void {
    this.#cancel();
  }
}
