// This module is browser compatible.
import type { Fault } from "../faults.ts";
import type { LiveScenario } from "./live_scenario.ts";

/**
 * Options for the Live API of a simulator.
 *
 * @category Live
 */
export interface LiveSimulatorOptions {
  /**
   * The script of the model, from the beginning in each session.
   *
   * @default {the model repeats what it hears, and a backend with functions calls the first one}
   */
  readonly scenario?: LiveScenario | undefined;
  /**
   * Latency that does not depend on the input: `"none"`, or as recorded from the real server, 1123 ms from
   * `session.start` to `session.started` and 854 ms more to the first audio.
   *
   * @default {"recorded" when the simulator's own latency is; "none" when that is "none" or an object}
   */
  readonly latency?: "none" | "recorded" | undefined;
  /**
   * Whether a model exists.
   *
   * @default {models whose names begin with "gpt-live-"; at an address of Azure, every deployment}
   */
  readonly acceptsModel?: ((model: string) => boolean) | undefined;
  /**
   * Faults of every session; see {@linkcode Fault}. `expire` ends it with `session.closed`, and `no_credit` refuses its
   * start. `rate_limit` and `transcription_stops` have no effect here.
   *
   * @default {the faults of the simulator, if they are a list}
   */
  readonly faults?: readonly Fault[] | undefined;
}
