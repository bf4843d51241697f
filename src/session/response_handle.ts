// This module is browser compatible.
import type { ConnectionError } from "../errors.ts";
import type { FunctionCallItem, Item, RealtimeResponse, UnknownItem } from "../protocol/mod.ts";
import type { CommandOptions } from "./command_options.ts";

/**
 * How much of one response is kept for its readers: characters of text, and of audio in base64 (some 15 minutes).
 *
 * @category Responses
 */
export const MAX_KEPT_CHARACTERS = 64 * 1024 * 1024;

/**
 * How a response ended.
 *
 * @category Responses
 */
export type ResponseOutcome =
  | {
    /** The model said all it wanted. */
    readonly status: "completed";
    /** The response as the server reports it. */
    readonly response: RealtimeResponse | undefined;
  }
  | {
    /** It was cut short: `"turn_detected"` by the user's speech, `"client_cancelled"` by a cancel. */
    readonly status: "cancelled";
    /** The reason of the cancellation. */
    readonly reason: string;
    /** The response as the server reports it; `undefined` when it was cancelled before it was sent. */
    readonly response: RealtimeResponse | undefined;
  }
  | {
    /**
     * The server stopped it: `"max_output_tokens"` or `"content_filter"`. With `"unknown"` it has stopped, and the server
     * gave no reason; its deltas can be read.
     */
    readonly status: "incomplete";
    /** Why it stopped. */
    readonly reason: string;
    /** The response as the server reports it, if it did. */
    readonly response: RealtimeResponse | undefined;
  }
  | {
    /** It could not be made, or broke. */
    readonly status: "failed";
    /** The server's code, or `"ack_timeout"` when the server never answered. */
    readonly code: string | undefined;
    /** A description of the error. */
    readonly message: string;
    /** The response as the server reports it, when it got that far. */
    readonly response: RealtimeResponse | undefined;
  }
  | {
    /** The connection ended first. */
    readonly status: "lost";
    /** How the connection ended. */
    readonly cause: ConnectionError;
  };

/**
 * How a question was answered: the outcome of the last response that it caused, and the calls of tools on the way.
 *
 * @category Responses
 */
export type AskOutcome = ResponseOutcome & {
  /** The calls of functions, in the order in which the model made them. */
  readonly calls: readonly FunctionCallItem[];
};

/**
 * One response of the model, from the request to its end. Reading words is optional and may come late: up to
 * {@linkcode MAX_KEPT_CHARACTERS} characters are kept as long as the handle is, beyond that reading fails with a
 * `QuotaExceededError`.
 *
 * Audio is large, and kept for those who ask for it in time. Without `audio()` or `audioStream()`, at most 30 seconds (at 24
 * kHz) of a response that was requested are kept, 2 of one that the server started, and none where voice plays it; of a
 * longer one nothing is, and who asks later gets a `QuotaExceededError`. So ask as soon as you have the handle, or read
 * what voice plays from its `output` or `outputOf()`.
 *
 * @category Responses
 */
export interface ResponseHandle {
  /** Id of the response, once the server has created it. */
  readonly id: string | undefined;
  /** Whether the server started it itself, at the end of a turn that it heard. */
  readonly startedByServer: boolean;
  /**
   * How it ended; never rejects. When its end is lost on the way, that is known as soon as the next response begins or
   * the session ends.
   */
  readonly done: Promise<ResponseOutcome>;
  /**
   * All text of its messages, parts joined by line breaks, once it has ended.
   *
   * @throws {RealtimeApiError} when it failed.
   * @throws {ConnectionError} when the connection ended first.
   */
  text(): Promise<string>;
  /** All words that it speaks; like {@linkcode text}. */
  transcript(): Promise<string>;
  /**
   * All of its audio, in the session's output format; rejects like {@linkcode text}, and with a `QuotaExceededError` when
   * it was asked for too late. Once asked for it is kept as long as the handle is.
   */
  audio(): Promise<Uint8Array<ArrayBuffer>>;
  /** Text as it comes, from the first word on; each call makes a new stream. */
  textStream(): ReadableStream<string>;
  /** Spoken words as they come, from the first on; each call makes a new stream. */
  transcriptStream(): ReadableStream<string>;
  /**
   * Audio as it comes, from the first byte on; each call makes a new stream, which fails with a `QuotaExceededError` when
   * it was asked for too late. Of a long response, what all streams have passed is let go.
   */
  audioStream(): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Items that it put out, once it has ended; rejects like {@linkcode text}. */
  items(): Promise<readonly (Item | UnknownItem)[]>;
  /**
   * Cancels it, at any moment of its life; resolves when it has ended. Idempotent. It is sent once for all who wait, and
   * for no longer than `ackTimeoutMs` of the session says. What was made until then may still be heard: `bargeIn()` of a
   * voice session silences that, too.
   *
   * @throws {RealtimeApiError} when the server refuses to, `DOMException` when it does not answer in time or the waiting
   * was aborted.
   */
  cancel(options?: CommandOptions): Promise<void>;
}
