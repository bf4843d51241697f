import { aFunction, assertOptions, isFunction, isList, isObject, isOneOf, isTool, type Rules } from "../_app/rule.ts";
import type { EdgeLiveOptions } from "../edge_live_options.ts";
import { LIVE_OVERRIDABLE_FIELDS } from "../live_overridable_field.ts";
import { liveIssues } from "./policy_issues.ts";

const LIVE_RULES: Rules<EdgeLiveOptions> = {
  session: {
    is: (value) => isFunction(value) || isObject(value),
    words: "the settings of a session, or a function that returns them",
    isRequired: true,
  },
  clientMayOverride: {
    is: isList(isOneOf(...LIVE_OVERRIDABLE_FIELDS)),
    words: `a list of any of ${LIVE_OVERRIDABLE_FIELDS.join(", ")}`,
  },
  tools: { is: isList(isTool), words: "a list of tools created by defineTool()" },
  onCall: aFunction,
  onRelay: aFunction,
  onIncomingCall: aFunction,
  relayFilter: aFunction,
};

/**
 * Checks the options of the Live API.
 *
 * @throws {TypeError} when one is missing, misspelt or of the wrong type, or the session breaks a rule of the protocol.
 */
export function assertLive(live: EdgeLiveOptions, check: boolean, action: string): void {
  assertOptions(live, LIVE_RULES, `${action} with these live options`);
  if (!check || typeof live.session === "function") return;
  const [issue] = liveIssues(live.session);
  if (!issue) return;
  const path = ["live.session", issue.path].filter(Boolean).join(".");
  throw new TypeError(`Cannot ${action} as ${path} ${issue.message}`);
}
