// This module is browser compatible.
import type { OptionNames } from "../_internal/check_options.ts";
import type { LiveSpeaker } from "./live_turn.ts";

/**
 * Words of one speaker around a delegation.
 *
 * @category Delegation
 */
export interface LiveDelegationWords {
  /** Who speaks. */
  readonly role: LiveSpeaker;
  /** The words; fragments of one speaker in a row are joined. */
  readonly text: string;
  /** Where they begin, in milliseconds of the session's time. */
  readonly startMs: number;
  /** Where they end, in milliseconds of the session's time. */
  readonly endMs: number;
}

/**
 * Options of {@linkcode LiveDelegationTask.request}.
 *
 * @category Delegation
 */
export interface LiveRequestOptions {
  /**
   * How long to wait for the rest of the user's sentence, in milliseconds: the server delegates up to 3.2 s before its end.
   *
   * @default {4000}
   */
  timeoutMs?: number | undefined;
  /** Ends the waiting when aborted: rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/**
 * The interval of the session's time in which the model received a text.
 *
 * @category Delegation
 */
export interface LiveInterval {
  /** Where the interval begins, in milliseconds. */
  readonly startMs: number;
  /** Where it ends, in milliseconds. */
  readonly endMs: number;
}

/**
 * Options of what is waited for.
 *
 * @category Delegation
 */
export interface LiveWaitOptions {
  /** Ends the waiting when aborted: the promise rejects with the signal's reason; the text is not taken back. */
  signal?: AbortSignal | undefined;
}

/** The names of the {@linkcode LiveWaitOptions}, for `checkOptions`. */
export const WAIT_NAMES: OptionNames<LiveWaitOptions> = { signal: 1 };

/**
 * A task that the voice model delegates to the application. The words describe it; the model keeps talking.
 *
 * @category Delegation
 */
export interface LiveDelegationTask {
  /** Identifier of the delegation. */
  readonly id: string;
  /** Where in the session's time it was wanted, in milliseconds. */
  readonly offsetMs: number;
  /** The words of both speakers since the delegation before; grows while the user finishes the sentence. */
  readonly transcript: readonly LiveDelegationWords[];
  /** Whether the model has wanted something else since then. */
  readonly isStale: boolean;
  /** Whether {@linkcode answer} was called. */
  readonly isAnswered: boolean;
  /** Aborted when the session ends. */
  readonly signal: AbortSignal;
  /**
   * The user's words since the delegation before, once the sentence has ended.
   *
   * @throws {DOMException} `AbortError` when the session ends first.
   */
  request(options?: LiveRequestOptions): Promise<string>;
  /**
   * Tells the model something that it does not say by itself, such as progress or data; may be called often.
   *
   * @throws {InvalidEventError} when the text is blank or certainly longer than 500 tokens.
   */
  tell(text: string, options?: LiveWaitOptions): Promise<LiveInterval>;
  /**
   * Has the model say the answer; may be called again with more.
   *
   * @throws {InvalidEventError} when the text is blank or certainly longer than 500 tokens.
   */
  answer(text: string, options?: LiveWaitOptions): Promise<LiveInterval>;
}
