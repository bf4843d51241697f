// This module is browser compatible.
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";

/**
 * How long a command waits for its answer unless told otherwise, in milliseconds.
 *
 * @category Sessions
 */
export const DEFAULT_ACK_TIMEOUT_MS = 10_000;

/**
 * Options of every command that the server answers.
 *
 * @category Sessions
 */
export interface CommandOptions {
  /** Ends the waiting when aborted; the command itself has been sent and still takes effect. */
  signal?: AbortSignal | undefined;
  /** How long to wait for the answer, in milliseconds; by default what `ackTimeoutMs` of the session says. */
  timeoutMs?: number | undefined;
}

/**
 * Options of {@linkcode Session.addItem} and {@linkcode Session.sendMessage}.
 *
 * @category Sessions
 */
export interface AddItemOptions extends CommandOptions {
  /** Id of the item after which the new one goes, `"root"` for the front; the end by default. */
  previousItemId?: string | undefined;
}

/**
 * Options of {@linkcode Session.approveMcp} and {@linkcode Session.denyMcp}.
 *
 * @category Sessions
 */
export interface AnswerMcpOptions extends CommandOptions {
  /** Why, for the model to know. */
  reason?: string | undefined;
}

/**
 * Options of {@linkcode Session.truncateItem}.
 *
 * @category Sessions
 */
export interface TruncateItemOptions extends CommandOptions {
  /**
   * Index of the content part that carries the audio.
   *
   * @default {0}
   */
  contentIndex?: number | undefined;
}

/**
 * Options of {@linkcode Session.respond}.
 *
 * @category Sessions
 */
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
 * Result of {@linkcode CoreSession.drain}.
 *
 * @category Sessions
 */
export interface DrainResult {
  /** Ids of the items whose transcripts have not come; empty when everything is there, or nothing is transcribed. */
  readonly missing: readonly string[];
}

const TIMING_NAMES: OptionNames<CommandOptions & RespondOptions & DrainOptions> = { signal: 1, timeoutMs: 1 };

/** Throws {TypeError} when these are not options that say only how long to wait. */
export function checkTiming(action: string, options: unknown): void {
  checkOptions(action, options, TIMING_NAMES);
}
