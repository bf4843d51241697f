// This module is browser compatible.
import { checkNames } from "../../../_internal/check_options.ts";
import { assertType } from "../../_server/assert_type.ts";
import { checkList } from "../../_server/check_list.ts";
import type {
  LivePlannedCall,
  LivePlannedDelegation,
  LiveScenario,
  LiveScenarioTurn,
} from "../../live/live_scenario.ts";

const ACTION = "create the simulator";

/** What a field is, as `typeof` says it; `undefined` for those that have a check of their own. */
type Kind = "string" | "function" | "number" | "Int16Array" | undefined;
type Kinds<Of extends object> = { readonly [Name in keyof Required<Of>]: Kind };

const SCENARIO: Kinds<LiveScenario> = { turns: undefined, opening: "string", onInstructions: "function" };
const TURN: Kinds<LiveScenarioTurn> = { user: "string", says: "string", audio: "Int16Array", delegates: undefined };
const CALL: Kinds<LivePlannedCall> = { name: "string", arguments: "string" };
const DELEGATION: Kinds<LivePlannedDelegation> = {
  afterMs: "number",
  acknowledgement: "string",
  calls: undefined,
  result: "string",
  audio: "Int16Array",
  failsAt: "number",
  answers: undefined,
};

/**
 * Checks the fields of a scenario, so that a misspelt one is not silently ignored, and another type does not fail in
 * the middle of a session.
 *
 * @throws {TypeError} when a field is unknown or of a wrong type, or a list is missing; the message names its path.
 * @throws {RangeError} when a number is negative.
 */
export function checkLiveScenario(scenario: LiveScenario | undefined): void {
  if (scenario === undefined) return;
  const path = "live.scenario";
  checkFields(scenario, SCENARIO, path);
  checkList(`${path}.turns`, scenario.turns ?? null);
  for (const [index, turn] of scenario.turns.entries()) {
    const place = `${path}.turns[${index}]`;
    checkFields(turn, TURN, place);
    if (turn.delegates === undefined) continue;
    checkFields(turn.delegates, DELEGATION, `${place}.delegates`);
    const { answers, calls } = turn.delegates;
    checkList(`${place}.delegates.answers`, answers);
    checkList(`${place}.delegates.calls`, calls, Array.isArray);
    for (const call of calls?.flat() ?? []) checkFields(call, CALL, `${place}.delegates.calls`);
  }
}

function checkFields(value: object, kinds: Readonly<Record<string, Kind>>, path: string): void {
  checkNames(ACTION, value, kinds, path);
  for (const [name, field] of Object.entries(value)) {
    const kind = kinds[name];
    if (kind === undefined || field === undefined) continue;
    const place = `${path}.${name}`;
    if (kind !== "Int16Array") assertType(place, field, kind);
    else if (!(field instanceof Int16Array)) throw new TypeError(`Cannot ${ACTION} as ${place} must be an Int16Array`);
    if (kind !== "number" || field >= 0) continue;
    throw new RangeError(`Cannot ${ACTION} as ${place} must be >= 0: current value is ${field}`);
  }
}
