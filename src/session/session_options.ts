// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import type { IdGenerator } from "../_internal/ids.ts";
import type { RealtimeTool, ToolFollowUp } from "../tools/mod.ts";

/** How long a command waits for its answer unless told otherwise, in milliseconds. */
export const DEFAULT_ACK_TIMEOUT_MS = 10_000;

/** Options of a {@linkcode Session}. */
export interface SessionOptions {
  /** Functions that the model can call. */
  tools?: readonly RealtimeTool[] | undefined;
  /**
   * Whether the model answers once the outputs of its tool calls are there; a tool's own `followUp` wins.
   *
   * @default {"respond"}
   */
  toolFollowUp?: ToolFollowUp | undefined;
  /**
   * Whether this joins a call that others have opened and may steer, too. The server then sends no `session.created`, and
   * a `session.updated` that contradicts what was asked for counts as theirs.
   *
   * @default {false}
   */
  sideband?: boolean | undefined;
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
}
