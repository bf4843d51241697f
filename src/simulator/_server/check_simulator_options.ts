// This module is browser compatible.
import { checkOptions, type OptionNames } from "../../_internal/check_options.ts";
import { checkFault } from "../_faults/check_fault.ts";
import { parseScenario } from "../model/parse_scenario.ts";
import type { NewerNames } from "../newer_names.ts";
import type { SimulatorOptions } from "../simulator_options.ts";
import { assertType } from "./assert_type.ts";
import { checkList } from "./check_list.ts";

const ACTION = "create the simulator";
const OPTION_NAMES: OptionNames<SimulatorOptions> = {
  scenario: 1,
  createModel: 1,
  clock: 1,
  pace: 1,
  server: 1,
  latency: 1,
  ids: 1,
  acceptsApiKey: 1,
  acceptsModel: 1,
  newerNames: 1,
  faults: 1,
  restFaults: 1,
  announcesConversation: 1,
  onFrame: 1,
  upgrade: 1,
  answerSdp: 1,
  live: 1,
  answerLiveSdp: 1,
};
const NEWER_NAMES: OptionNames<NewerNames> = { voices: 1, transcriptionModels: 1, reasoningModels: 1 };
const FUNCTIONS = [
  "acceptsApiKey",
  "acceptsModel",
  "answerLiveSdp",
  "answerSdp",
  "createModel",
  "ids",
  "onFrame",
  "upgrade",
] as const;

/**
 * Checks the options of a simulator, except those that are resolved: `server`, `latency`, `pace`, `live`.
 *
 * @throws {TypeError} when an option or a fault is unknown, an option is of the wrong type, or the scenario is invalid.
 * @throws {RangeError} when a number of a fault is out of range.
 */
export function checkSimulatorOptions(options: SimulatorOptions): void {
  checkOptions(ACTION, options, OPTION_NAMES);
  for (const name of FUNCTIONS) {
    if (options[name] !== undefined) assertType(name, options[name], "function");
  }
  const { announcesConversation, clock } = options;
  if (announcesConversation !== undefined) assertType("announcesConversation", announcesConversation, "boolean");
  for (const name of ["now", "schedule"] as const) {
    if (clock !== undefined) assertType(`clock.${name}`, clock?.[name], "function");
  }
  checkOptions(ACTION, options.newerNames, NEWER_NAMES, "newerNames");
  for (const [name, names] of Object.entries(options.newerNames ?? {})) {
    checkList(`newerNames.${name}`, names, (each) => typeof each === "string");
  }
  checkList("restFaults", options.restFaults);
  if (typeof options.faults !== "function") {
    checkList("faults", options.faults);
    options.faults?.forEach(checkFault);
  }
  if (options.scenario !== undefined) parseScenario(options.scenario);
}
