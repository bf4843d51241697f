// This module is browser compatible.
import { checkOptions, pick } from "../_internal/check_options.ts";
import type { Tool } from "../protocol/mod.ts";
import type { RealtimeTool } from "../tools/mod.ts";
import type { Transport } from "../transport/transport.ts";
import type { ConversationView } from "./conversation.ts";
import { CoreSession } from "./core_session.ts";
import { CORE_NAMES } from "./core_session_options.ts";
import { conversationPart } from "./parts/conversation_part.ts";
import { logPart } from "./parts/log_part.ts";
import { makeMcpApprovalsPart } from "./parts/mcp_approvals_part.ts";
import { makeToolsPart } from "./parts/tools_part.ts";
import { truncationPart } from "./parts/truncation_part.ts";
import { turnMetricsPart } from "./parts/turn_metrics_part.ts";
import { makeUsagePart } from "./parts/usage_part.ts";
import type { RateLimitStatus } from "./rate_limits.ts";
import type { AnswerMcpOptions, CommandOptions } from "./command_options.ts";
import { SESSION_NAMES, type SessionOptions } from "./session_options.ts";
import type { SessionPart } from "./session_part.ts";
import type { UsageLine } from "./usage.ts";

/**
 * A conversation with a model over one {@linkcode Transport}: commands that settle with their own answer, one response
 * at a time, tools, a live view, usage and limits, and any number of independent readers. `connect` opens one; for your
 * own transport, use `openSession`.
 *
 * @category Sessions
 */
export class Session extends CoreSession {
  /** The items of the conversation, live. */
  declare readonly conversation: ConversationView;
  /** Usage so far: the sum of all responses and transcriptions. {@linkcode costOf} gives its price. */
  declare readonly usage: readonly UsageLine[];
  /** Current rate limits; empty until the server has reported them, which it does not always do. */
  declare readonly rateLimits: readonly RateLimitStatus[];
  /**
   * Replaces all tools, including hosted ones, at once: calls that arrive before the server has accepted the new ones
   * are still executed by the old. Errors are those of {@linkcode update}.
   *
   * @throws {TypeError} when two functions have the same name.
   */
  declare readonly setTools: (tools: readonly (RealtimeTool | Tool)[], options?: CommandOptions) => Promise<void>;
  /** Approves a call of a hosted tool; resolves with the id of the answer. Errors are those of {@linkcode update}. */
  declare readonly approveMcp: (requestId: string, options?: AnswerMcpOptions) => Promise<string>;
  /** Denies a call of a hosted tool; see {@linkcode approveMcp}. */
  declare readonly denyMcp: (requestId: string, options?: AnswerMcpOptions) => Promise<string>;

  /**
   * Starts a session over a transport; most callers want `connect`, which also configures it and waits until it is ready.
   *
   * @throws {TypeError} when an option is unknown.
   */
  constructor(transport: Transport, options: SessionOptions = {}) {
    checkOptions("start a session", options, SESSION_NAMES);
    super(transport, pick(options, CORE_NAMES), allParts(options));
  }
}

/** The parts of a {@linkcode Session}, in the order in which they see events. */
function allParts(options: SessionOptions): readonly SessionPart[] {
  const toolRounds = options.limits?.toolRounds;
  return [
    ...(options.logger ? [logPart(options.logger)] : []),
    truncationPart(),
    conversationPart(),
    makeToolsPart({ ...options, toolRounds }),
    makeMcpApprovalsPart(options),
    makeUsagePart(options),
    turnMetricsPart(),
  ];
}
