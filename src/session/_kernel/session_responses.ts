// This module is browser compatible.
import type { ResponseScheduler } from "../_responses/response_scheduler.ts";
import type { SessionResponses } from "../session_part.ts";

/** The responses of a session as its parts see them, whatever its connection is at the moment. */
export function toSessionResponses(
  session: { readonly connection: { readonly responses: ResponseScheduler } },
): SessionResponses {
  const now = () => session.connection.responses;
  return {
    get isIdle() {
      return now().isIdle;
    },
    get count() {
      return now().count;
    },
    originOf: (responseId) => now().originOf(responseId),
    requestFiller: (config) => now().request(config, { purpose: "filler" }),
    requestFollowUp: (config, toolRound) => now().requestFollowUp(config, toolRound),
  };
}
