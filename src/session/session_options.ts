// This module is browser compatible.
import type { McpApprovalRequestItem } from "../protocol/mod.ts";
import type { ToolContext } from "../tools/mod.ts";
import type { CoreSessionOptions } from "./core_session_options.ts";
import type { Logger } from "./log_frames.ts";
import type { ToolCallDetails } from "./session_events.ts";
import type { McpApprovalsPartOptions } from "./parts/mcp_approvals_part.ts";
import type { ToolsPartOptions } from "./parts/tools_part.ts";
import type { UsagePartOptions } from "./parts/usage_part.ts";

/** How long a command waits for its answer unless told otherwise, in milliseconds. */
export const DEFAULT_ACK_TIMEOUT_MS = 10_000;

/** Decides whether a call of a hosted tool may be made; `signal` is aborted when the session ends. */
export type OnMcpApproval = (
  request: McpApprovalRequestItem,
  context: { readonly signal: AbortSignal },
) => boolean | Promise<boolean>;

/**
 * Decides whether a tool that needs approval may be called. The time it takes does not count against the tool's
 * `timeoutMs`; `signal` is aborted when the call is interrupted or the session ends.
 */
export type OnToolApproval = (
  call: ToolCallDetails,
  context: { readonly signal: AbortSignal },
) => boolean | Promise<boolean>;

/** Carries out a call somewhere else, by another process or service; gives the result, or throws what the model is told. */
export type ToolDispatcher = (call: ToolCallDetails, context: ToolContext) => unknown;

/**
 * Options of a {@linkcode Session}.
 *
 * @category Sessions
 */
export interface SessionOptions
  extends CoreSessionOptions, Omit<ToolsPartOptions, "toolRounds">, McpApprovalsPartOptions, UsagePartOptions {
  /**
   * Where the session writes down what it does, such as `console`: a line for each event in both directions and of its own,
   * without audio, images and secrets, cut after {@linkcode MAX_LOGGED_BYTES} bytes.
   *
   * @default {undefined} nowhere
   */
  logger?: Logger | undefined;
}

/** Options of every command that the server answers. */
export interface CommandOptions {
  /** Ends the waiting when aborted; the command itself has been sent and still takes effect. */
  signal?: AbortSignal | undefined;
  /** How long to wait for the answer, in milliseconds; by default what `ackTimeoutMs` of the session says. */
  timeoutMs?: number | undefined;
}

/** Options of {@linkcode Session.addItem} and {@linkcode Session.sendMessage}. */
export interface AddItemOptions extends CommandOptions {
  /** Id of the item after which the new one goes, `"root"` for the front; the end by default. */
  previousItemId?: string | undefined;
}

/** Options of {@linkcode Session.approveMcp} and {@linkcode Session.denyMcp}. */
export interface AnswerMcpOptions extends CommandOptions {
  /** Why, for the model to know. */
  reason?: string | undefined;
}

/** Options of {@linkcode Session.truncateItem}. */
export interface TruncateItemOptions extends CommandOptions {
  /**
   * Index of the content part that carries the audio.
   *
   * @default {0}
   */
  contentIndex?: number | undefined;
}

/** Options of {@linkcode Session.respond}. */
export interface RespondOptions {
  /** Cancels the response when aborted. */
  signal?: AbortSignal | undefined;
  /**
   * How long the server may take to create the response once it was asked to, in milliseconds; by default what
   * `ackTimeoutMs` of the session says.
   */
  timeoutMs?: number | undefined;
}

/**
 * Options of {@linkcode CoreSession.drain}.
 *
 * @category Sessions
 */
export interface DrainOptions {
  /** Ends the waiting when aborted; the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * How long to wait, in milliseconds; what has not come then is in the result.
   *
   * @default {10000}
   */
  timeoutMs?: number | undefined;
}

/**
 * What {@linkcode CoreSession.drain} resolves with.
 *
 * @category Sessions
 */
export interface DrainResult {
  /** Ids of the items whose transcripts have not come; empty when everything is there, or nothing is transcribed. */
  readonly missing: readonly string[];
}
