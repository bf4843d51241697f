// This module is browser compatible.
import type { Clock } from "../../../_internal/clock.ts";

/** What {@linkcode IdleTimeout} works with. */
export interface IdleTimeoutOptions {
  /** Source of time. */
  readonly clock: Clock;
  /** Milliseconds of audio that the client has appended. */
  readonly appendedMs: () => number;
  /** Nobody has spoken for long enough, since the client had appended so many milliseconds of audio. */
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

  /** Takes over `idle_timeout_ms`; another value is waited for after the next response. */
  configure(timeoutMs: number | null): void {
    if (timeoutMs === this.#timeoutMs) return;
    this.stop();
    this.#timeoutMs = timeoutMs;
  }

  /** Begins to wait when the response that has just ended has been heard, in so many milliseconds. */
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

  /** Waits no longer: somebody speaks. */
  stop(): void {
    this.#cancel();
  }
}
