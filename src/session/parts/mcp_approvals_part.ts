// This module is browser compatible.
import { checkOptions, joinNames, type OptionNames } from "../../_internal/check_options.ts";
import { aFunction } from "../../_internal/option_kinds.ts";
import type { WireEvent } from "../../_internal/wire.ts";
import { deliverItem } from "../_recovery/deliver_item.ts";
import { McpApprovals } from "../_parts/mcp_approvals.ts";
import { type AnswerMcpOptions, TIMING_NAMES } from "../command_options.ts";
import type { OnMcpApproval } from "../tool_hooks.ts";
import type { SessionPart } from "../session_part.ts";

/**
 * Options of {@linkcode mcpApprovalsPart}.
 *
 * @category Parts
 */
export interface McpApprovalsPartOptions {
  /**
   * Decides about each call of a hosted tool that waits for approval. An exception is reported as a `listener_failed`
   * event, and means no.
   *
   * @default {undefined} `approveMcp` and `denyMcp` answer
   */
  onMcpApproval?: OnMcpApproval | undefined;
}

/**
 * The members that approvals of hosted tools add to a session.
 *
 * @category Parts
 */
export interface McpApprovalsApi {
  /** Approves a call of a hosted tool; resolves with the id of the answer. */
  approveMcp(requestId: string, options?: AnswerMcpOptions): Promise<string>;
  /** Denies a call of a hosted tool; see {@linkcode approveMcp}. */
  denyMcp(requestId: string, options?: AnswerMcpOptions): Promise<string>;
}

const NAMES: OptionNames<McpApprovalsPartOptions> = { onMcpApproval: aFunction };

/**
 * Answers calls of hosted tools that wait for approval.
 *
 * @category Parts
 *
 * @throws {TypeError} when an option is unknown.
 */
export function mcpApprovalsPart(options: McpApprovalsPartOptions = {}): SessionPart<McpApprovalsApi> {
  checkOptions("answer approvals", options, NAMES);
  return makeMcpApprovalsPart(options);
}

const ANSWER_NAMES = /* @__PURE__ */ joinNames((): OptionNames<AnswerMcpOptions> => ({ ...TIMING_NAMES, reason: 1 }));

/** Creates the part for options that have been checked. */
export function makeMcpApprovalsPart({ onMcpApproval }: McpApprovalsPartOptions): SessionPart<McpApprovalsApi> {
  return {
    name: "MCP approvals",
    install: (host) => {
      const answer = async (requestId: string, approve: boolean, options: AnswerMcpOptions = {}) => {
        checkOptions("answer an approval request", options, ANSWER_NAMES);
        const { reason, ...timing } = options;
        return await host.addItem(toItem(requestId, approve, reason), timing);
      };
      const approvals = onMcpApproval &&
        new McpApprovals(
          onMcpApproval,
          (requestId, approve) => deliverItem(host, toItem(requestId, approve)),
          (error) => host.report(error, "mcp_approval_request"),
        );
      const receive = (event: WireEvent) => approvals!.receive(event);
      return {
        on: approvals && {
          "conversation.item.done": receive,
          "response.output_item.done": receive,
          "response.done": receive,
        },
        close: (cause) => approvals?.close(cause),
        api: {
          approveMcp: (requestId, options) => answer(requestId, true, options),
          denyMcp: (requestId, options) => answer(requestId, false, options),
        },
      };
    },
  };
}

/** The item that answers an approval request. */
function toItem(requestId: string, approve: boolean, reason?: string) {
  return { type: "mcp_approval_response" as const, approval_request_id: requestId, approve, reason };
}
