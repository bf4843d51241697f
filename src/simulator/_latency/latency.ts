// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import { checkOptions, type OptionNames } from "../../_internal/check_options.ts";
import { RECORDED_LATENCY, type SimulatorLatency } from "../simulator_latency.ts";
import { DelayLine } from "./delay_line.ts";
import { WatchedClock } from "./watched_clock.ts";

const NAMES: OptionNames<SimulatorLatency> = { ackMs: 1, errorMs: 1, commitErrorMs: 1, transcriptionMs: 1, restMs: 1 };

/** The latency of the simulated server. */
export class Latency {
  /** The clock of the latency; warns on the console when it stands still. */
  readonly clock: Clock;
  /** Delays client events until they are processed. */
  readonly inbound: DelayLine;
  /** Milliseconds from a committed item to its transcription. */
  readonly transcriptionMs: number;
  /** Milliseconds from an HTTP request to its answer. */
  readonly restMs: number;
  readonly #ackMs: number;
  readonly #errorMs: number;
  readonly #commitErrorMs: number;

  /**
   * @param clock source of time.
   * @throws {TypeError} when the latency, or a member of it, is unknown.
   * @throws {RangeError} when one of its times is negative or not finite.
   */
  constructor(latency: "none" | "recorded" | SimulatorLatency, clock: Clock) {
    const times = timesOf(latency);
    const { ackMs = 0, errorMs = ackMs, commitErrorMs = errorMs, restMs = 0, transcriptionMs = 0 } = times;
    this.clock = new WatchedClock(clock);
    this.inbound = new DelayLine(this.clock, ackMs);
    this.#ackMs = ackMs;
    this.restMs = restMs;
    this.transcriptionMs = transcriptionMs;
    this.#errorMs = errorMs;
    this.#commitErrorMs = commitErrorMs;
  }

  /** Milliseconds from the processing of an event of a type to the error that rejects it. */
  errorDelayMs(type?: unknown): number {
    const errorMs = type === "input_audio_buffer.commit" ? this.#commitErrorMs : this.#errorMs;
    return Math.max(0, errorMs - this.#ackMs);
  }
}

function timesOf(latency: "none" | "recorded" | SimulatorLatency): SimulatorLatency {
  if (latency === "none") return {};
  if (latency === "recorded") return RECORDED_LATENCY;
  if (typeof latency !== "object") {
    throw new TypeError(
      `Cannot create the simulator as latency must be "none", "recorded" or an object: current value is ${latency}`,
    );
  }
  checkOptions("create the simulator", latency, NAMES, "latency");
  for (const [name, ms] of Object.entries(latency)) {
    if (ms === undefined || Number.isFinite(ms) && ms >= 0) continue;
    throw new RangeError(
      `Cannot create the simulator as latency.${name} must be a finite number >= 0: current value is ${ms}`,
    );
  }
  return latency;
}
