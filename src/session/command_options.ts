// This module is browser compatible.
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { anAbortSignal, aNumber } from "../_internal/option_kinds.ts";

/**
 * Default timeout of a command, in milliseconds.
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
  /** Stops waiting when aborted; the command itself has been sent and still takes effect. */
  signal?: AbortSignal | undefined;
  /** Timeout of the answer, in milliseconds; by default `ackTimeoutMs` of the session. */
  timeoutMs?: number | undefined;
}

/**
 * Options of {@linkcode Session.addItem} and {@linkcode Session.sendMessage}.
 *
 * @category Sessions
 */
export interface AddItemOptions extends CommandOptions {
  /** Id of the item after which the new one is inserted, `"root"` for the front; by default the end. */
  previousItemId?: string | undefined;
}

/**
 * Options of {@linkcode Session.approveMcp} and {@linkcode Session.denyMcp}.
 *
 * @category Sessions
 */
export interface AnswerMcpOptions extends CommandOptions {
  /** The reason, for the model to read. */
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
   * Time that the server has to create the response after the request was sent, in milliseconds; by default
   * `ackTimeoutMs` of the session.
   */
  timeoutMs?: number | undefined;
}

/**
 * Options of {@linkcode CoreSession.drain}.
 *
 * @category Sessions
 */
export interface DrainOptions {
  /** Stops waiting when aborted; the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Timeout in milliseconds; the result then lists the missing transcripts.
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
  /** Ids of the items whose transcripts have not arrived; empty when all have, or nothing is transcribed. */
  readonly missing: readonly string[];
}

/** The names of the options that only limit the wait. */
export const TIMING_NAMES: OptionNames<CommandOptions & RespondOptions & DrainOptions> = {
  signal: anAbortSignal,
  timeoutMs: aNumber,
};

/**
 * Checks the options of a wait: that there are no others than these, and that the limits of the wait are of their kinds.
 *
 * @throws {RangeError} when `timeoutMs` is negative or NaN.
 * @throws {TypeError} when an option is unknown, or of another kind.
 */
export function checkTiming(
  action: string,
  options: unknown,
  known: Readonly<Record<string, unknown>> = TIMING_NAMES,
): void {
  checkOptions(action, options, known);
}
