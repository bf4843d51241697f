// This module is browser compatible.

/** Delay of the input behind real time after which silence is sent, in milliseconds. */
export const MAX_GAP_MS = 200;

/** Longest gap that is filled, in milliseconds: after a longer one, such as a night of sleep, the count restarts. */
const MAX_FILL_MS = 60_000;

/** Time that the input must keep pace before a burst of audio counts as early rather than late. */
const IN_PACE_MS = 1_000;

/**
 * Keeps the input of a session up with real time: the session's own time advances only with input, so that without it the
 * model neither speaks nor processes texts. Pure: time is passed in.
 */
export class InputKeeper {
  /** Silence that was sent in place of missing audio, in milliseconds. */
  filledMs = 0;
  /** Audio that arrived after silence had replaced it, in milliseconds. */
  lateMs = 0;
  /** Gaps that were too long to be filled, in milliseconds. */
  skippedMs = 0;
  /** All audio sent, in milliseconds. */
  sentMs = 0;
  #startMs: number;
  #lastGapMs = 0;
  /** Silence whose audio may still arrive. */
  #owedMs = 0;

  constructor(nowMs: number) {
    this.#startMs = nowMs;
  }

  /** Records that audio of the user was sent. */
  sent(durationMs: number, nowMs: number): void {
    this.sentMs += durationMs;
    const late = Math.min(durationMs, this.aheadMs(nowMs), this.#owedMs);
    this.#owedMs -= late;
    this.lateMs += late;
  }

  /** Audio that was sent ahead of real time, in milliseconds: no silence is sent until it has passed. */
  aheadMs(nowMs: number): number {
    return Math.max(0, -this.#behindMs(nowMs));
  }

  /** Whether silence has to be sent now. */
  isBehind(nowMs: number): boolean {
    return this.#behindMs(nowMs) > MAX_GAP_MS;
  }

  /** Returns the length of the silence that has to be sent now, in milliseconds; it counts as sent. */
  fill(nowMs: number): number {
    let gapMs = this.#behindMs(nowMs) - MAX_GAP_MS;
    if (gapMs <= 0) {
      if (nowMs - this.#lastGapMs >= IN_PACE_MS) this.#owedMs = 0;
      return 0;
    }
    if (gapMs > MAX_FILL_MS) {
      this.skippedMs += gapMs - MAX_FILL_MS;
      this.#startMs += gapMs - MAX_FILL_MS;
      gapMs = MAX_FILL_MS;
    }
    this.#lastGapMs = nowMs;
    this.sentMs += gapMs;
    this.filledMs += gapMs;
    this.#owedMs += gapMs;
    return gapMs;
  }

  /** Delay of the input behind real time, in milliseconds; negative when it is ahead. */
  #behindMs(nowMs: number): number {
    return nowMs - this.#startMs - this.sentMs;
  }
}
