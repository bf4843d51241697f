// This module is browser compatible.
import type { ConnectionError } from "../errors.ts";
import type { FunctionCallItem, Item, RealtimeResponse, UnknownItem } from "../protocol/mod.ts";
import type { CommandOptions } from "./command_options.ts";

/**
 * Limit of the part of one response that is kept for its readers: characters of text, and of audio in base64 (about 15
 * minutes).
 *
 * @category Responses
 */
export const MAX_KEPT_CHARACTERS = 67_108_864;

/**
 * The outcome of a response.
 *
 * @category Responses
 */
export type ResponseOutcome =
  | {
    /** The model has finished. */
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
     * The server stopped it: `"max_output_tokens"` or `"content_filter"`. `"unknown"` when the server gave no reason;
     * its deltas can be read.
     */
    readonly status: "incomplete";
    /** The reason why it stopped. */
    readonly reason: string;
    /** The response as the server reports it, if it did. */
    readonly response: RealtimeResponse | undefined;
  }
  | {
    /** It could not be created, or failed. */
    readonly status: "failed";
    /** The server's code, or `"ack_timeout"` when the server never answered. */
    readonly code: string | undefined;
    /** A description of the error. */
    readonly message: string;
    /** The response as the server reports it, if it was created. */
    readonly response: RealtimeResponse | undefined;
  }
  | {
    /** The connection ended first. */
    readonly status: "lost";
    /** The error that ended the connection. */
    readonly cause: ConnectionError;
  };

/**
 * The outcome of a question: that of the last response that it caused, its words, and the tool calls in between.
 *
 * @category Responses
 */
export type AskOutcome = ResponseOutcome & {
  /**
   * The words of that response, written or spoken, parts joined by line breaks: all that were received, even if it
   * failed or was cut short. When the user interrupted it, `heardText` of its item in the conversation contains the words
   * that were heard. Empty when there are none, or more than {@linkcode MAX_KEPT_CHARACTERS}.
   */
  readonly text: string;
  /** The calls of functions, in the order in which the model made them. */
  readonly calls: readonly FunctionCallItem[];
};

/**
 * One response of the model, from the request to its end. Reading words is optional and may start late: up to
 * {@linkcode MAX_KEPT_CHARACTERS} characters are kept with the handle; beyond that, reading fails with a
 * `QuotaExceededError`.
 *
 * Audio is large, so it is kept only if it is requested in time. Without `audio()` or `audioStream()`, at most 30
 * seconds (at 24 kHz) of a requested response are kept, 2 seconds of a response that the server started, and none when
 * voice plays it. If a response exceeds that, none of its audio is kept, and a later call fails with a
 * `QuotaExceededError`. Therefore call `audio()` or `audioStream()` as soon as you have the handle, or read the audio
 * that voice plays from its `output` or `outputOf()`.
 *
 * @category Responses
 */
export interface ResponseHandle {
  /** Id of the response, once the server has created it. */
  readonly id: string | undefined;
  /** Whether the server started it by itself, at the end of a turn that it detected. */
  readonly startedByServer: boolean;
  /**
   * Its outcome; never rejects. If its end is lost on the way, this is detected when the next response begins or the
   * session ends.
   */
  readonly done: Promise<ResponseOutcome>;
  /**
   * All text of its messages, parts joined by line breaks, once it has ended.
   *
   * @throws {RealtimeApiError} when it failed.
   * @throws {ConnectionError} when the connection ended first.
   */
  text(): Promise<string>;
  /** All spoken words; like {@linkcode text}. */
  transcript(): Promise<string>;
  /**
   * All of its audio, in the session's output format; rejects like {@linkcode text}, and with a `QuotaExceededError`
   * when it was requested too late. Once requested, it is kept with the handle.
   */
  audio(): Promise<Uint8Array<ArrayBuffer>>;
  /** Text as it arrives, from the first word on; each call creates a new stream. */
  textStream(): ReadableStream<string>;
  /** Spoken words as they arrive, from the first on; each call creates a new stream. */
  transcriptStream(): ReadableStream<string>;
  /**
   * Audio as it arrives, from the first byte on; each call creates a new stream, which fails with a
   * `QuotaExceededError` when it was requested too late. Audio of a long response that all streams have read is
   * discarded.
   */
  audioStream(): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Its output items, once it has ended; rejects like {@linkcode text}. */
  items(): Promise<readonly (Item | UnknownItem)[]>;
  /**
   * Cancels it, in any state; resolves when it has ended. Idempotent. The cancel is sent once for all callers, and
   * waits no longer than `ackTimeoutMs` of the session. Audio generated before may still be heard: `bargeIn()` of a
   * voice session silences that, too.
   *
   * @throws {RealtimeApiError} when the server rejects the cancel, `DOMException` when it does not answer in time or
   * the wait was aborted.
   */
  cancel(options?: CommandOptions): Promise<void>;
}
