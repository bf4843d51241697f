// This module is browser compatible.
import { decodeBase64 } from "../audio/base64.ts";
import { Replay } from "../_internal/replay.ts";
import { type ConnectionError, RealtimeApiError } from "../errors.ts";
import type { Item, RealtimeResponse, UnknownItem } from "../protocol/mod.ts";
import { at, isRecord, stringAt, type WireEvent } from "../_internal/wire.ts";

/** How much of one response is kept for late reading: characters of text, and of audio in base64 (some 15 minutes). */
export const MAX_KEPT_CHARACTERS = 64 * 1024 * 1024;

/** How a response ended. */
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
    /** Who cut it. */
    readonly reason: string;
    /** The response as the server reports it; `undefined` when it was cancelled before it was sent. */
    readonly response: RealtimeResponse | undefined;
  }
  | {
    /** The server stopped it: `"max_output_tokens"` or `"content_filter"`. */
    readonly status: "incomplete";
    /** Why it stopped. */
    readonly reason: string;
    /** The response as the server reports it. */
    readonly response: RealtimeResponse | undefined;
  }
  | {
    /** It could not be made, or broke. */
    readonly status: "failed";
    /** The server's code, or `"ack_timeout"` when the server never answered. */
    readonly code: string | undefined;
    /** What went wrong, in words. */
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
 * One response of the model, from the request to its end. Reading is optional and may come late: up to
 * {@linkcode MAX_KEPT_CHARACTERS} characters of text and as many of audio are kept as long as the handle is, beyond
 * that reading fails with a `QuotaExceededError`.
 */
export interface ResponseHandle {
  /** Id of the response, once the server has created it. */
  readonly id: string | undefined;
  /** Whether the server started it itself, at the end of a turn that it heard. */
  readonly startedByServer: boolean;
  /** How it ended; never rejects. */
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
  /** All of its audio, in the session's output format; rejects like {@linkcode text}. */
  audio(): Promise<Uint8Array<ArrayBuffer>>;
  /** Text as it comes, from the first word on; every access is a new stream. */
  readonly textStream: ReadableStream<string>;
  /** Spoken words as they come, from the first on; every access is a new stream. */
  readonly transcriptStream: ReadableStream<string>;
  /** Audio as it comes, from the first byte on; every access is a new stream. */
  readonly audioStream: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Items that it put out, once it has ended. */
  items(): Promise<readonly (Item | UnknownItem)[]>;
  /** Cancels it, at any moment of its life; resolves when it has ended. Idempotent. */
  cancel(): Promise<void>;
}

/** State of a response, as the scheduler sees it. */
export type ResponseState = "queued" | "sent" | "active" | "done";

type Part = readonly [part: string, delta: string];

/** A {@linkcode ResponseHandle} with the other end: what the scheduler and the event pump tell it. */
export class ResponseRecord implements ResponseHandle {
  id: string | undefined;
  state: ResponseState = "queued";
  /** Cancelled by the caller before the server created it. */
  cancelRequested = false;
  /** Sent again after "already has an active response". */
  retried = false;
  readonly startedByServer: boolean;
  readonly done: Promise<ResponseOutcome>;
  readonly #onCancel: (record: ResponseRecord) => Promise<void>;
  readonly #settle: (outcome: ResponseOutcome) => void;
  readonly #text = new Replay<Part>(MAX_KEPT_CHARACTERS, ([, delta]) => delta.length);
  readonly #transcript = new Replay<Part>(MAX_KEPT_CHARACTERS, ([, delta]) => delta.length);
  readonly #audio = new Replay<string>(MAX_KEPT_CHARACTERS, (delta) => delta.length);
  readonly #partsSeen = new Set<string>();

  constructor(startedByServer: boolean, onCancel: (record: ResponseRecord) => Promise<void>) {
    this.startedByServer = startedByServer;
    this.#onCancel = onCancel;
    const { promise, resolve } = Promise.withResolvers<ResponseOutcome>();
    this.done = promise;
    this.#settle = resolve;
  }

  /** Takes in one event about this response. */
  receive(event: WireEvent): void {
    const replay = this.#replayOf(event.type);
    if (replay) {
      const part = `${event.item_id} ${event.content_index}`;
      const isDelta = event.type.endsWith(".delta");
      // A server that sends no deltas still says the whole at the end.
      if (!isDelta && this.#partsSeen.has(`${event.type} ${part}`)) return;
      this.#partsSeen.add(`${event.type.replace(/\.delta$/, ".done")} ${part}`);
      const delta = stringAt(event, "delta") ?? stringAt(event, "text") ?? stringAt(event, "transcript");
      if (delta) replay.push([part, delta]);
    } else if (event.type === "response.output_audio.delta") {
      this.#audio.push(stringAt(event, "delta") ?? "");
    }
  }

  /** Ends it. Only the first call counts. */
  end(outcome: ResponseOutcome): void {
    if (this.state === "done") return;
    this.state = "done";
    const error = outcome.status === "lost"
      ? outcome.cause
      : outcome.status === "failed"
      ? new RealtimeApiError(outcome.message, { code: outcome.code })
      : undefined;
    for (const replay of [this.#text, this.#transcript, this.#audio]) replay.end(error);
    this.#settle(outcome);
  }

  async text(): Promise<string> {
    return joinParts(await this.#text.all());
  }

  async transcript(): Promise<string> {
    return joinParts(await this.#transcript.all());
  }

  async audio(): Promise<Uint8Array<ArrayBuffer>> {
    const chunks = (await this.#audio.all()).map(decodeBase64);
    const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
    let offset = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, offset);
      offset += chunk.length;
    }
    return bytes;
  }

  get textStream(): ReadableStream<string> {
    return this.#text.stream(([, delta]) => delta);
  }

  get transcriptStream(): ReadableStream<string> {
    return this.#transcript.stream(([, delta]) => delta);
  }

  get audioStream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#audio.stream(decodeBase64);
  }

  async items(): Promise<readonly (Item | UnknownItem)[]> {
    const outcome = await this.done;
    return outcome.status === "lost" ? [] : outcome.response?.output ?? [];
  }

  cancel(): Promise<void> {
    return this.#onCancel(this);
  }

  #replayOf(type: string): Replay<Part> | undefined {
    if (type.startsWith("response.output_text.")) return this.#text;
    if (type.startsWith("response.output_audio_transcript.")) return this.#transcript;
  }
}

function joinParts(parts: readonly Part[]): string {
  const texts = new Map<string, string>();
  for (const [part, delta] of parts) texts.set(part, (texts.get(part) ?? "") + delta);
  return [...texts.values()].join("\n");
}

/** Reads how a response ended from its `response.done`. */
export function toOutcome(event: WireEvent): ResponseOutcome {
  const response = isRecord(event.response) ? event.response as unknown as RealtimeResponse : undefined;
  const details = at(event, "response", "status_details");
  const reason = stringAt(details, "reason");
  switch (stringAt(event, "response", "status")) {
    case "cancelled":
      return { status: "cancelled", reason: reason ?? "client_cancelled", response };
    case "incomplete":
      return { status: "incomplete", reason: reason ?? "unknown", response };
    case "failed":
      return {
        status: "failed",
        code: stringAt(details, "error", "code"),
        message: stringAt(details, "error", "message") ?? "The server could not make the response",
        response,
      };
    default:
      return { status: "completed", response };
  }
}
