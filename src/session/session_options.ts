// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import type { IdGenerator } from "../_internal/ids.ts";
import type { McpApprovalRequestItem } from "../protocol/mod.ts";
import type { RealtimeTool, ToolContext, ToolFollowUp } from "../tools/mod.ts";
import type { Logger } from "./log_frames.ts";
import type { ToolCallDetails } from "./session_events.ts";
import type { SessionLimits } from "./session_limits.ts";

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

/** Options of a {@linkcode Session}. */
export interface SessionOptions {
  /** Functions that the model can call; no two of the same name. */
  tools?: readonly RealtimeTool[] | undefined;
  /**
   * Decides about calls of tools that need approval.
   *
   * @default {undefined} none is approved
   */
  onToolApproval?: OnToolApproval | undefined;
  /**
   * Carries out calls of functions that are not among `tools`, but were described to the model in `session.tools`.
   *
   * @default {undefined} the model is told that there is no such tool
   */
  dispatchTool?: ToolDispatcher | undefined;
  /**
   * Decides about each call of a hosted tool that waits for approval. Only `true` approves it; everything else refuses
   * it, and the refusal is sent. An exception, or a value that is no boolean, is also reported as `listener_failed`.
   *
   * @default {undefined} `approveMcp` and `denyMcp` answer
   */
  onMcpApproval?: OnMcpApproval | undefined;
  /** When the session ends by itself. */
  limits?: SessionLimits | undefined;
  /**
   * Whether the model answers once the outputs of its tool calls are there; a tool's own `followUp` wins.
   *
   * @default {"respond"}
   */
  toolFollowUp?: ToolFollowUp | undefined;
  /**
   * Whether this joins a call that others have opened. The server then sends no `session.created`.
   *
   * @default {false}
   */
  sideband?: boolean | undefined;
  /**
   * Whether others may steer the session, too. A `session.updated` that contradicts what was asked for then counts as
   * theirs, and a response that does not carry our mark as well.
   *
   * @default {sideband}
   */
  shared?: boolean | undefined;
  /**
   * Where the session writes down what it does, such as `console`: a line for each event in both directions and of its own,
   * without audio, images and secrets, cut after {@linkcode MAX_LOGGED_BYTES} bytes.
   *
   * @default {undefined} nowhere
   */
  logger?: Logger | undefined;
  /**
   * How long a command waits for its answer, in milliseconds; then its promise rejects with a `TimeoutError`.
   *
   * @default {10000}
   */
  ackTimeoutMs?: number | undefined;
  /**
   * Source of time.
   *
   * @default {systemClock}
   */
  clock?: Clock | undefined;
  /**
   * Makes ids of items and events from a prefix; item ids must not be longer than 32 characters.
   *
   * @default {randomId}
   */
  makeId?: IdGenerator | undefined;
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
