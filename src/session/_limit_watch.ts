// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import type { WireEvent } from "../_internal/wire.ts";
import type { SessionLimits } from "./session_limits.ts";
import { costOf, type UsageLine } from "./usage.ts";

/** Name of a limit. */
export type LimitName = "maxDurationMs" | "idleMs" | "maxCostUsd";

/** Watches a session's limits, and says once when one is reached. */
export class LimitWatch {
  readonly #limits: SessionLimits;
  readonly #clock: Clock;
  readonly #onReached: (limit: LimitName) => void;
  #activeMs: number;
  #isSpeaking = false;
  #cancelDuration = () => {};
  #cancelIdle = () => {};

  /** Starts watching. Throws {TypeError} when the cost is limited and there are no prices. */
  constructor(limits: SessionLimits, clock: Clock, onReached: (limit: LimitName) => void) {
    this.#limits = limits;
    this.#clock = clock;
    this.#onReached = onReached;
    this.#activeMs = clock.now();
    const { maxDurationMs, maxCostUsd, prices } = limits;
    if (maxCostUsd !== undefined && !prices) throw new TypeError("Cannot limit the cost as limits has no prices");
    if (maxDurationMs !== undefined) {
      this.#cancelDuration = clock.schedule(() => this.#reach("maxDurationMs"), maxDurationMs);
    }
    this.#checkIdle();
  }

  /** Takes in one server event. */
  receive({ type }: WireEvent): void {
    if (type === "input_audio_buffer.speech_started") this.#isSpeaking = true;
    if (type === "input_audio_buffer.speech_stopped") this.#isSpeaking = false;
    if (/^(response|conversation)\.|speech|committed/.test(type)) this.#activeMs = this.#clock.now();
  }

  /** Takes in what was used so far. */
  spend(usage: readonly UsageLine[]): void {
    const { maxCostUsd, prices = {} } = this.#limits;
    // Written so that an unknown cost is over the limit.
    if (maxCostUsd !== undefined && !(costOf(usage, prices) < maxCostUsd)) this.#reach("maxCostUsd");
  }

  /** Stops watching. */
  stop(): void {
    this.#cancelDuration();
    this.#cancelIdle();
  }

  #checkIdle(): void {
    const { idleMs } = this.#limits;
    if (idleMs === undefined) return;
    const now = this.#clock.now();
    if (this.#isSpeaking) this.#activeMs = now;
    const leftMs = this.#activeMs + idleMs - now;
    if (leftMs <= 0) this.#reach("idleMs");
    else this.#cancelIdle = this.#clock.schedule(() => this.#checkIdle(), leftMs);
  }

  #reach(limit: LimitName): void {
    this.stop();
    this.#onReached(limit);
  }
}
