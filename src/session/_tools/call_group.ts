// This module is browser compatible.
import type { RealtimeTool } from "../../tools/mod.ts";
import type { ToolCallDetails } from "../session_events.ts";
import type { ResponseOrigin } from "../session_part.ts";

/** The calls of one response; they share one follow-up. */
export interface CallGroup {
  readonly origin: ResponseOrigin;
  /** Calls that were seen, so that none is executed twice. */
  readonly seen: Set<string>;
  /** Status of the response once it has ended. */
  status: string | undefined;
  /** Calls whose output the server has neither accepted nor rejected yet. */
  unanswered: number;
  /** Whether an output was accepted after which the model should speak. */
  wantsFollowUp: boolean;
  /** `responseCount` of the session when the last output was accepted. */
  answeredAt: number;
  /**
   * The value of `responseCount` when another party became responsible for the next response; `Infinity` when no
   * response is to follow, -1 when there is no other party.
   */
  leftToOthersAt: number;
}

/** A running call. */
export interface Call {
  readonly details: ToolCallDetails;
  readonly group: CallGroup;
  readonly tool: RealtimeTool | undefined;
  readonly interruption: AbortController;
  /** Whether the arguments were truncated. */
  readonly isCut: boolean;
  /** Whether there is no such function. */
  readonly isUnknown: boolean;
  /** Whether the model speaks after receiving the output. */
  readonly leadsToSpeech: boolean;
  /** Resolves when it has been reported. */
  run?: Promise<void>;
}

/** A group without calls. */
export function emptyGroup(origin: ResponseOrigin): CallGroup {
  return {
    origin,
    seen: new Set(),
    status: undefined,
    unanswered: 0,
    wantsFollowUp: false,
    answeredAt: 0,
    leftToOthersAt: -1,
  };
}
