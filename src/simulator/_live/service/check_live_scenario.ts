// This module is browser compatible.
import { checkOptions, checkRequiredOptions, type OptionNames } from "../../../_internal/check_options.ts";
import { checkList } from "../../_server/check_list.ts";
import type {
  LivePlannedCall,
  LivePlannedDelegation,
  LiveScenario,
  LiveScenarioTurn,
} from "../../live/live_scenario.ts";

const ACTION = "create the simulator";

const SCENARIO: OptionNames<LiveScenario> = { turns: 1, opening: 1, onInstructions: 1 };
const TURN: OptionNames<LiveScenarioTurn> = { user: 1, says: 1, audio: 1, delegates: 1 };
const CALL: OptionNames<LivePlannedCall> = { name: 1, arguments: 1 };
const DELEGATION: OptionNames<LivePlannedDelegation> = {
  afterMs: 1,
  acknowledgement: 1,
  calls: 1,
  result: 1,
  audio: 1,
  failsAt: 1,
  answers: 1,
};

/**
 * Checks the names of a scenario's fields, so that a misspelt one is not silently ignored, and its lists.
 *
 * @throws {TypeError} when a field is unknown or a list is missing; the message names the path of the field.
 */
export function checkLiveScenario(scenario: LiveScenario | undefined): void {
  if (scenario === undefined) return;
  const path = "live.scenario";
  checkRequiredOptions(ACTION, scenario, SCENARIO, path);
  checkList(`${path}.turns`, scenario.turns ?? null);
  for (const [index, turn] of scenario.turns.entries()) {
    const place = `${path}.turns[${index}]`;
    checkRequiredOptions(ACTION, turn, TURN, place);
    checkOptions(ACTION, turn.delegates, DELEGATION, `${place}.delegates`);
    const { calls } = turn.delegates ?? {};
    checkList(`${place}.delegates.calls`, calls, Array.isArray);
    for (const call of calls?.flat() ?? []) checkRequiredOptions(ACTION, call, CALL, `${place}.delegates.calls`);
  }
}
