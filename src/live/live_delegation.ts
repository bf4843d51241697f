// This module is browser compatible.
import type { OptionNames } from "../_internal/check_options.ts";
import { anAbortSignal } from "../_internal/option_kinds.ts";
import type { LiveSpeaker } from "./live_turn.ts";

/**
 * Words of one speaker around a delegation.
 *
 * @category Delegation
 */
export interface LiveDelegationWords {
  /** The speaker. */
  readonly role: LiveSpeaker;
  /** The words; consecutive fragments of one speaker are joined. */
  readonly text: string;
  /** Start, in milliseconds of the session's time. */
  readonly startMs: number;
  /** End, in milliseconds of the session's time. */
  readonly endMs: number;
}

/**
 * Options of {@linkcode LiveDelegationTask.request}.
 *
 * @category Delegation
 */
export interface LiveRequestOptions {
  /**
   * Time to wait for the rest of the user's sentence, in milliseconds, at least 0: the server delegates up to 3.2 s
   * before its end.
   *
   * @default {4000}
   */
  timeoutMs?: number | undefined;
  /** Stops waiting when aborted: rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/**
 * The interval of the session's time in which the model received a text.
 *
 * @category Delegation
 */
export interface LiveInterval {
  /** Start, in milliseconds. */
  readonly startMs: number;
  /** End, in milliseconds. */
  readonly endMs: number;
}

/**
 * Options of methods that wait.
 *
 * @category Delegation
 */
export interface LiveWaitOptions {
  /** Stops waiting when aborted: the promise rejects with the signal's reason; the text is not withdrawn. */
  signal?: AbortSignal | undefined;
}

/** The names of the {@linkcode LiveWaitOptions}, for `checkOptions`. */
export const WAIT_NAMES: OptionNames<LiveWaitOptions> = { signal: anAbortSignal };

/**
 * A task that the voice model delegates to the application. The transcript describes it; the model keeps talking.
 *
 * @category Delegation
 */
export interface LiveDelegationTask {
  /** Identifier of the delegation. */
  readonly id: string;
  /** Position in the session's time at which it was delegated, in milliseconds. */
  readonly offsetMs: number;
  /** The words of both speakers since the previous delegation; grows while the user finishes the sentence. */
  readonly transcript: readonly LiveDelegationWords[];
  /** Whether the model has delegated another task since then. */
  readonly isStale: boolean;
  /** Whether {@linkcode answer} was called, and its text was not rejected. */
  readonly isAnswered: boolean;
  /** Aborted when the session ends. */
  readonly signal: AbortSignal;
  /**
   * The user's words since the previous delegation, once the sentence has ended.
   *
   * @throws {RangeError} when `timeoutMs` is negative.
   * @throws {DOMException} `AbortError` when the session ends first.
   */
  request(options?: LiveRequestOptions): Promise<string>;
  /**
   * Sends the model information that it does not say by itself, such as progress or data; may be called often.
   *
   * @throws {InvalidEventError} when the text is blank or certainly longer than 500 tokens.
   */
  tell(text: string, options?: LiveWaitOptions): Promise<LiveInterval>;
  /**
   * Makes the model say the answer; may be called again with more.
   *
   * @throws {InvalidEventError} when the text is blank or certainly longer than 500 tokens.
   */
  answer(text: string, options?: LiveWaitOptions): Promise<LiveInterval>;
}
