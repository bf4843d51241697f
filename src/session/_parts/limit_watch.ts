// This module is browser compatible.
import { LazySet } from "../../_internal/lazy_collections.ts";
import type { Clock } from "../../_internal/clock.ts";
import { asString, type WireEvent } from "../../_internal/wire.ts";
import { msPerCharacter } from "./audio_length.ts";
import type { SessionLimits } from "../session_limits.ts";
import { costOf, type UsageLine } from "../usage.ts";

/** Name of a limit. */
export type LimitName = "maxDurationMs" | "idleMs" | "maxCostUsd";

/** Watches a session's limits, and reports once when one is reached. */
export class LimitTimers {
  readonly #limits: SessionLimits;
  readonly #clock: Clock;
  readonly #onReached: (limit: LimitName) => void;
  readonly #isBusy: () => boolean;
  /** The current speakers, as the server reports them. */
  readonly #speakers = new LazySet<string | undefined>();
  /** Time of the last activity; in the future while the model's speech is still to be heard. */
  #activeMs: number;
  #isOver = false;
  #cancelDuration: (() => void) | undefined;
  #cancelIdle: (() => void) | undefined;

  /**
   * Starts watching; `isBusy` returns whether there is activity that no event reports. Throws {TypeError} when the cost
   * is limited and there are no prices.
   */
  constructor(limits: SessionLimits, clock: Clock, isBusy: () => boolean, onReached: (limit: LimitName) => void) {
    this.#limits = limits;
    this.#clock = clock;
    this.#isBusy = isBusy;
    this.#onReached = onReached;
    this.#activeMs = clock.now();
    const { maxDurationMs } = limits;
    if (maxDurationMs !== undefined) {
      this.#cancelDuration = clock.schedule(() => this.#reach("maxDurationMs"), maxDurationMs);
    }
    this.#checkIdle();
  }

  /** Processes a server event, in a session with this configuration; needed for `idleMs` only. */
  receive(event: WireEvent, config: unknown): void {
    const { type } = event;
    const now = this.#clock.now();
    // A new connection does not report the end of the speech on the old one.
    if (type === "session.created") this.#speakers.clear();
    const [, who, edge] = /^(input|output)_audio_buffer\.(?:speech_)?(started|stopped|cleared)$/.exec(type) ?? [];
    if (edge === "started") this.#speakers.add(who);
    else if (edge) this.#speakers.delete(who);
    // Audio that was cut is no longer heard.
    if (/speech_started|truncated/.test(type)) this.#activeMs = now;
    if (!edge && !/^(response|conversation)\.|committed/.test(type)) return;
    const speech = type === "response.output_audio.delta" ? asString(event.delta) ?? "" : "";
    this.#activeMs = Math.max(this.#activeMs, now) + speech.length * msPerCharacter(config);
  }

  /** Records the usage so far. */
  spend(usage: readonly UsageLine[]): void {
    const { maxCostUsd, prices = {} } = this.#limits;
    // In this form, an unknown cost exceeds the limit.
    if (maxCostUsd !== undefined && !(costOf(usage, prices) < maxCostUsd)) this.#reach("maxCostUsd");
  }

  /** Stops watching. */
  stop(): void {
    this.#cancelDuration?.();
    this.#cancelIdle?.();
  }

  #checkIdle(): void {
    const { idleMs } = this.#limits;
    if (idleMs === undefined) return;
    const now = this.#clock.now();
    if (this.#speakers.size > 0 || this.#isBusy()) this.#activeMs = Math.max(this.#activeMs, now);
    const leftMs = this.#activeMs + idleMs - now;
    if (leftMs <= 0) this.#reach("idleMs");
    else this.#cancelIdle = this.#clock.schedule(() => this.#checkIdle(), leftMs);
  }

  #reach(limit: LimitName): void {
    this.stop();
    if (!this.#isOver) this.#onReached(limit);
    this.#isOver = true;
  }
}
