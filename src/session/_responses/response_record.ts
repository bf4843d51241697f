// This module is browser compatible.
import { LazyMap } from "../../_internal/lazy_collections.ts";
import { onAbort } from "../../_internal/timeout.ts";
import { decodeBase64 } from "../../audio/base64.ts";
import { Replay } from "../../_internal/replay.ts";
import { asString, at, isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { ConnectionError, RealtimeApiError } from "../../errors.ts";
import type { Item, RealtimeResponse, UnknownItem } from "../../protocol/mod.ts";
import { MAX_KEPT_CHARACTERS, type ResponseHandle, type ResponseOutcome } from "../response_handle.ts";
import { checkTiming, type CommandOptions } from "../command_options.ts";
import type { ResponseOrigin } from "../session_part.ts";

/** Cancels a response, in any state. */
export interface ResponseOwner {
  cancel(record: ResponseRecord, options?: CommandOptions): Promise<void>;
}

/** Duration of audio that is kept before it is read: for requested responses, and for those that the server started. */
const UNREAD_SECONDS = 30;
const UNREAD_SECONDS_OF_SERVER = 2;

/** Characters of base64 per second of audio: 16 bits at 24 kHz, the maximum of all formats. */
const CHARACTERS_PER_SECOND = 64_000;

type Part = readonly [part: string, delta: string];

/** The writable side of a {@linkcode ResponseHandle}: the scheduler writes to it, and reads only its end. */
export class ResponseRecord implements ResponseHandle {
  id: string | undefined;
  /** Whether it has ended for its callers. */
  isEnded = false;
  /** The cancel that is under way. */
  stopping: Promise<void> | undefined;
  readonly origin: ResponseOrigin;
  readonly done: Promise<ResponseOutcome>;
  /** Resolves when the server has created it, or when it has ended without being created. */
  readonly begun: Promise<void>;
  readonly #owner: ResponseOwner;
  readonly #begin: () => void;
  readonly #settle: (outcome: ResponseOutcome) => void;
  readonly #text = new Replay<Part>(MAX_KEPT_CHARACTERS, ([, delta]) => delta.length);
  readonly #transcript = new Replay<Part>(MAX_KEPT_CHARACTERS, ([, delta]) => delta.length);
  readonly #audio: Replay<string>;
  /** The words of each complete part; empty before. */
  readonly #wholes = new LazyMap<string, string>();

  /** `isAudioTaken` means that a part consumes the audio as it arrives. */
  constructor(origin: ResponseOrigin, owner: ResponseOwner, isAudioTaken: boolean) {
    const unreadSeconds = isAudioTaken ? 0 : origin.startedByServer ? UNREAD_SECONDS_OF_SERVER : UNREAD_SECONDS;
    this.#audio = new Replay(MAX_KEPT_CHARACTERS, (delta) => delta.length, unreadSeconds * CHARACTERS_PER_SECOND);
    this.origin = origin;
    this.#owner = owner;
    ({ promise: this.done, resolve: this.#settle } = Promise.withResolvers<ResponseOutcome>());
    ({ promise: this.begun, resolve: this.#begin } = Promise.withResolvers<void>());
  }

  get startedByServer(): boolean {
    return this.origin.startedByServer;
  }

  get inConversation(): boolean {
    return this.origin.inConversation;
  }

  /** Cancels it when `signal` is aborted, and ends it even if the server does not answer. */
  cancelOn(signal: AbortSignal | undefined): void {
    const stopListening = onAbort(signal, () =>
      void this.cancel().catch((error) => {
        if (error instanceof DOMException) this.end(CANCELLED);
      }));
    void this.done.then(stopListening);
  }

  /** Records that the server has created it. */
  begin(id: string | undefined): void {
    this.id = id;
    this.#begin();
  }

  /** Processes an event about this response. */
  receive(event: WireEvent): void {
    if (event.type === "response.output_audio.delta") return this.#audio.push(asString(event.delta) ?? "");
    const [, kind, isDelta] = /^response\.output_(text|audio_transcript)\.(delta)?/.exec(event.type) ?? [];
    if (!kind) return;
    const part = `${kind} ${event.item_id} ${event.content_index}`;
    const words = asString(event.delta) ?? asString(event.text) ?? asString(event.transcript) ?? "";
    const replay = kind === "text" ? this.#text : this.#transcript;
    // A server that sends no deltas still sends the whole at the end.
    if (words && (isDelta || !this.#wholes.has(part))) replay.push([part, words]);
    this.#wholes.set(part, isDelta ? "" : words);
  }

  /** Ends it. Only the first call has an effect. */
  end(outcome: ResponseOutcome): void {
    if (this.isEnded) return;
    this.isEnded = true;
    const error = toError(outcome);
    // Only the end has arrived, which repeats its words.
    if (this.#wholes.size === 0) this.#readOutput(at(outcome, "response", "output"));
    for (const replay of [this.#text, this.#transcript, this.#audio]) replay.end(error);
    this.#begin();
    this.#settle(outcome);
  }

  /** Ends it without having been created: as cancelled, if that was requested. */
  fail(code: string | undefined, message: string, wasCancelled: boolean): void {
    this.end(wasCancelled ? CANCELLED : { status: "failed", code, message, response: undefined });
  }

  /** The words that have arrived, written or spoken. */
  get words(): string {
    return this.#join([...this.#text.kept, ...this.#transcript.kept]);
  }

  async text(): Promise<string> {
    return this.#join(await this.#text.all());
  }

  async transcript(): Promise<string> {
    return this.#join(await this.#transcript.all());
  }

  async audio(): Promise<Uint8Array<ArrayBuffer>> {
    const chunks = await this.#audio.all();
    return new Uint8Array(await new Blob(chunks.map(decodeBase64)).arrayBuffer());
  }

  textStream(): ReadableStream<string> {
    return this.#text.stream(([, delta]) => delta);
  }

  transcriptStream(): ReadableStream<string> {
    return this.#transcript.stream(([, delta]) => delta);
  }

  audioStream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.#audio.stream(decodeBase64);
  }

  async items(): Promise<readonly (Item | UnknownItem)[]> {
    const outcome = await this.done;
    const error = toError(outcome);
    if (error) throw error;
    return outcome.status === "lost" ? [] : outcome.response?.output ?? [];
  }

  async cancel(options?: CommandOptions): Promise<void> {
    checkTiming("cancel", options);
    await this.#owner.cancel(this, options);
  }

  /** The whole of each part, or the words received so far. */
  #join(parts: readonly Part[]): string {
    const texts = new Map<string, string>();
    for (const [part, delta] of parts) texts.set(part, (texts.get(part) ?? "") + delta);
    return Array.from(texts, ([part, text]) => this.#wholes.get(part) || text).join("\n");
  }

  #readOutput(output: unknown): void {
    for (const { id, content } of list(output)) {
      for (const [index, part] of list(content).entries()) {
        const kind = part.type === "output_audio" ? "output_audio_transcript" : part.type;
        this.receive({ ...part, type: `response.${kind}.done`, item_id: id, content_index: index });
      }
    }
  }
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** The rejection reason of the reading promises, if any. */
function toError(outcome: ResponseOutcome): Error | undefined {
  if (outcome.status === "lost") return outcome.cause;
  if (outcome.status === "failed") return new RealtimeApiError(outcome.message, { code: outcome.code });
}

/** Outcome of a response that was cancelled before the server could report on it. */
export const CANCELLED: ResponseOutcome = { status: "cancelled", reason: "client_cancelled", response: undefined };

/** Outcome of a response whose end the server did not report. */
export const UNSEEN: ResponseOutcome = { status: "incomplete", reason: "unknown", response: undefined };

/** Outcome of a response whose request could not be sent. */
export function toUnsent(error: unknown): ResponseOutcome {
  if (error instanceof ConnectionError) return { status: "lost", cause: error };
  return { status: "failed", code: "not_sent", message: String(error), response: undefined };
}

/** Reads the outcome of a response from its `response.done`. */
export function toOutcome(event: WireEvent): ResponseOutcome {
  const response = isRecord(event.response) ? event.response as unknown as RealtimeResponse : undefined;
  const details = at(event.response, "status_details");
  const reason = stringAt(details, "reason");
  switch (stringAt(event.response, "status")) {
    case "cancelled":
      return { status: "cancelled", reason: reason ?? "client_cancelled", response };
    case "incomplete":
      return { status: "incomplete", reason: reason ?? "unknown", response };
    case "failed":
      return {
        status: "failed",
        code: stringAt(details, "error", "code"),
        message: stringAt(details, "error", "message") || "The server could not make the response",
        response,
      };
    default:
      return { status: "completed", response };
  }
}
