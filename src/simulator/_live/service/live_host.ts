// This module is browser compatible.
import { checkOptions, type OptionNames } from "../../../_internal/check_options.ts";
import type { Clock } from "../../../_internal/clock.ts";
import type { IdGenerator } from "../../../_internal/ids.ts";
import { checkFault } from "../../_faults/check_fault.ts";
import { assertType } from "../../_server/assert_type.ts";
import { checkList } from "../../_server/check_list.ts";
import type { SetupUse } from "../../_server/setup_use.ts";
import type { Fault } from "../../faults.ts";
import type { LiveSimulatorOptions } from "../../live/live_simulator_options.ts";
import type { SimulatedFrame } from "../../simulated_session.ts";
import type { SimulatorOptions } from "../../simulator_options.ts";
import type { LiveScenario } from "../../live/live_scenario.ts";
import { checkLiveScenario } from "./check_live_scenario.ts";

/** Times that do not depend on the input, in milliseconds. */
export interface LiveLatency {
  /** From `session.start` to `session.started`. */
  readonly startMs: number;
  /** From `session.started` to the first audio of the model. */
  readonly firstAudioMs: number;
}

/** As recorded from the real server. */
export const RECORDED_LIVE_LATENCY: LiveLatency = { startMs: 1_123, firstAudioMs: 854 };

/** State shared by the Live sessions of a simulator. */
export interface LiveHost {
  /** Source of time. */
  readonly clock: Clock;
  /** Creates identifiers. */
  readonly ids: IdGenerator;
  /** Unix time in milliseconds. */
  readonly unixTime: () => number;
  /** The scenario, if there is one. */
  readonly scenario: LiveScenario | undefined;
  /** The latency. */
  readonly latency: LiveLatency;
  /** Whether a model exists. */
  readonly acceptsModel: (model: string) => boolean;
  /** Faults on every line. */
  readonly faults: readonly Fault[];
  /** Their path in the options. */
  readonly faultsPath: string;
  /** What the test has set up, and no session has used. */
  readonly setup: SetupUse;
  /** Called with every frame. */
  readonly onFrame: (frame: SimulatedFrame) => void;
}

const OPTION_NAMES: OptionNames<LiveSimulatorOptions> = { scenario: 1, latency: 1, acceptsModel: 1, faults: 1 };

/**
 * Creates the state shared by the Live sessions of a simulator.
 *
 * @throws {TypeError} when an option, the latency or a fault is unknown, or the scenario is invalid.
 * @throws {RangeError} when a number of a fault is out of range.
 */
export function createLiveHost(
  { faults, latency, live = {} }: SimulatorOptions,
  { clock, ids, onFrame, setup, unixTime }: Pick<LiveHost, "clock" | "ids" | "onFrame" | "setup" | "unixTime">,
): LiveHost {
  checkOptions("create the simulator", live, OPTION_NAMES, "live");
  checkLiveScenario(live.scenario);
  checkList("live.faults", live.faults);
  live.faults?.forEach(checkFault);
  setup.expectFaults(live.faults ?? [], "live.faults");
  const { acceptsModel = (model) => model.startsWith("gpt-live-"), latency: own } = live;
  assertType("live.acceptsModel", acceptsModel, "function");
  if (own !== undefined && own !== "none" && own !== "recorded") {
    throw new TypeError(
      `Cannot create the simulator as live.latency must be "none" or "recorded": current value is ${own}`,
    );
  }
  return {
    clock,
    ids,
    onFrame,
    setup,
    unixTime,
    scenario: live.scenario,
    latency: (own ?? latency) === "recorded" ? RECORDED_LIVE_LATENCY : { startMs: 0, firstAudioMs: 0 },
    acceptsModel,
    faults: live.faults ?? (Array.isArray(faults) ? faults : []),
    faultsPath: live.faults ? "live.faults" : "faults",
  };
}
