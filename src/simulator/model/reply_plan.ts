// This module is browser compatible.

import type { PlannedOutput } from "./planned_output.ts";

/**
 * A response that fails, after the outputs of its plan. Without outputs it has used no tokens.
 *
 * @category Simulator
 */
export interface FailedOutcome {
  /** How it ends. */
  readonly status: "failed";
  /**
   * Kind of error.
   *
   * @default {code}
   */
  readonly type?: string | undefined;
  /**
   * Whether an `error` with the same content follows, and the server closes the connection.
   *
   * @default {false}
   */
  readonly closes?: boolean | undefined;
  /** Code of the error, e.g. `server_error`. */
  readonly code: string;
  /** The error message. */
  readonly message: string;
}

/**
 * The outcome of a response that does not complete.
 *
 * @category Simulator
 */
export type PlannedOutcome =
  | FailedOutcome
  | {
    /** The response ends early; its last output is left incomplete. */
    readonly status: "incomplete";
    /** Why it ended early. */
    readonly reason: "max_output_tokens" | "content_filter";
  }
  | {
    /** There is no response at all: an `error` answers its request. The outputs are ignored. */
    readonly status: "refused";
    /**
     * Kind of error.
     *
     * @default {"server_error"}
     */
    readonly type?: string | undefined;
    /** Code of the error, e.g. `rate_limit_exceeded`. */
    readonly code: string;
    /** The error message. */
    readonly message: string;
  };

/**
 * The simulated model's plan of one response.
 *
 * @category Simulator
 */
export interface ReplyPlan {
  /** Output items in the order of their `output_index`; may be empty. */
  readonly outputs: readonly PlannedOutput[];
  /**
   * Milliseconds from `response.created` to the first output, as if the model were thinking.
   *
   * @default {0}
   */
  readonly delayMs?: number | undefined;
  /**
   * Whether the outputs are streamed concurrently: each begins after the first piece of the previous one, their pieces
   * alternate, and each is done as soon as it is complete. The audio of two messages is not mixed: the second is heard
   * after the first, which is done once the second has begun. Otherwise one follows the other, and only a commentary
   * stays open until the output after it has been streamed.
   *
   * @default {false}
   */
  readonly interleaved?: boolean | undefined;
  /**
   * Reasoning tokens in the usage; they also count as text tokens.
   *
   * @default {none, unless the session or the response has set reasoning}
   */
  readonly reasoningTokens?: number | undefined;
  /** How the response ends; absent: it completes. */
  readonly outcome?: PlannedOutcome | undefined;
}
