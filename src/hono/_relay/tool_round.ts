import { INTERRUPTED } from "../../_tools/run_tool.ts";
import type { ToolCallDetails } from "../../session/mod.ts";
import type { RealtimeTool } from "../../tools/mod.ts";

/** The calls of one response, which share a follow-up. */
export interface ToolRound {
  /** Calls whose output the API has neither accepted nor rejected. */
  unanswered: number;
  /** Status of the response once it has ended. */
  status: string | undefined;
  /** Whether an output was accepted after which the model should speak. */
  wantsFollowUp: boolean;
  /** Number of responses that had begun when the last output was accepted. */
  answeredAt: number;
}

/** A running call. */
export interface RelayToolCall extends ToolCallDetails {
  readonly responseId: string;
  readonly tool: RealtimeTool | undefined;
  readonly round: ToolRound;
  readonly interruption: AbortController;
  /** Whether its arguments were truncated. */
  readonly isCut: boolean;
  /** Whether the model speaks after receiving the output. */
  readonly leadsToSpeech: boolean;
}

/** A round without calls. */
export function emptyRound(): ToolRound {
  return { unanswered: 0, status: undefined, wantsFollowUp: false, answeredAt: 0 };
}

/** Asks those calls to stop whose tools opted in to interruptions. */
export function interruptCalls(calls: Iterable<RelayToolCall>): void {
  for (const { interruption, tool } of calls) if (tool?.onInterrupt === "abort") interruption.abort(INTERRUPTED);
}
