// This module is browser compatible.
import { encodeBase64 } from "../audio/base64.ts";
import { type Clock, systemClock } from "../_internal/clock.ts";
import { EventHub } from "../_internal/event_hub.ts";
import { type IdGenerator, randomId } from "../_internal/ids.ts";
import { withTimeout } from "../_internal/timeout.ts";
import { type CloseInfo, ConnectionError, RealtimeApiError } from "../errors.ts";
import {
  type ClientEvent,
  type Item,
  type ItemParam,
  MAX_APPEND_BYTES,
  type RealtimeSession,
  type ResponseConfig,
  type SessionConfig,
  type TranscriptionSession,
  type UnknownItem,
} from "../protocol/mod.ts";
import type { RealtimeTool, ToolFollowUp } from "../tools/mod.ts";
import type { IncomingEvent, SendOptions, Transport } from "../transport/transport.ts";
import { isRecord, toWireEvent, type WireEvent } from "../_internal/wire.ts";
import { AckTable, answerRow } from "./ack_table.ts";
import type { ResponseHandle } from "./response_handle.ts";
import { checkResponseConfig, hideResponseKey, ResponseScheduler } from "./response_scheduler.ts";
import type { SessionEvent, SessionEventMap } from "./session_events.ts";
import type { SessionChanges } from "./session_settings.ts";
import { ToolCalls } from "./tool_calls.ts";

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

/**
 * A conversation with a model over one {@linkcode Transport}: commands that settle with their own answer, one response at
 * a time, tools, and any number of independent readers. `connect` makes one; to bring a transport of your own, use
 * `openSession`.
 */
export class Session implements AsyncDisposable {
  /** Resolves when the session has ended, whoever ended it; never rejects. */
  readonly closed: Promise<CloseInfo>;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #makeId: IdGenerator;
  readonly #ackTimeoutMs: number;
  readonly #acks = new AckTable();
  readonly #hub = new EventHub<SessionEvent, SessionEventMap>((error, eventType) => {
    // A listener of the report that throws in turn has had its chance.
    if (eventType !== "listener_failed") this.#hub.publish({ type: "listener_failed", error, eventType });
  });
  readonly #scheduler: ResponseScheduler;
  readonly #toolCalls: ToolCalls;
  readonly #tools: Map<string, RealtimeTool>;
  #config: RealtimeSession | TranscriptionSession | undefined;

  /** Starts a session over a transport; most callers want `connect`, which also configures it and waits until it is ready. */
  constructor(transport: Transport, options: SessionOptions = {}) {
    this.#transport = transport;
    this.#clock = options.clock ?? systemClock;
    this.#makeId = options.makeId ?? randomId;
    this.#ackTimeoutMs = options.ackTimeoutMs ?? DEFAULT_ACK_TIMEOUT_MS;
    this.#tools = new Map(options.tools?.map((tool) => [tool.definition.name, tool]));
    this.#scheduler = new ResponseScheduler({
      send: (event) => transport.send(event, { check: false }),
      cancel: (responseId) => this.#cancelResponse(responseId),
      created: () => {},
      ackTimeoutMs: this.#ackTimeoutMs,
      clock: this.#clock,
      makeId: this.#makeId,
    });
    this.#toolCalls = new ToolCalls({
      find: (name) => this.#tools.get(name),
      sendOutput: (callId, output) => this.addItem({ type: "function_call_output", call_id: callId, output }),
      requestFollowUp: () => this.#scheduler.requestFollowUp(),
      emit: (event) => this.#hub.publish(event),
      followUp: options.toolFollowUp ?? "respond",
      session: this,
      clock: this.#clock,
    });
    this.closed = this.#run();
  }

  /** The session's effective configuration, as the server last reported it; `undefined` until it did. */
  get config(): RealtimeSession | TranscriptionSession | undefined {
    return this.#config;
  }

  /** The response that the default conversation is busy with, if there is one. */
  get activeResponse(): ResponseHandle | undefined {
    return this.#scheduler.active;
  }

  /** Bytes that were sent and have not left yet. */
  get bufferedAmount(): number {
    return this.#transport.bufferedAmount;
  }

  /**
   * Every event from now on, at the reader's own pace; each call makes a new, independent reader. A reader made right
   * after `connect` also gets what arrived before. One that falls 4,096 events behind ends with a `QuotaExceededError`;
   * nobody else notices.
   */
  events(): AsyncIterableIterator<SessionEvent> {
    return this.#hub.read();
  }

  /**
   * Calls `listener` at once with every event of this type, or with every event for `"*"`. What it throws is reported as
   * a `listener_failed` event.
   *
   * @returns a function that takes the listener out again.
   */
  on<T extends keyof SessionEventMap & string>(type: T, listener: (event: SessionEventMap[T]) => void): () => void {
    return this.#hub.on(type, listener);
  }

  /**
   * Sends one event as it is. Prefer the methods below, whose promises settle with the server's answer.
   *
   * @throws {InvalidEventError} when the event breaks a rule of the protocol, unless `check` is `false`.
   * @throws {ConnectionError} when the session has ended.
   */
  send(event: ClientEvent, options?: SendOptions): void {
    this.#transport.send(event, options);
  }

  /**
   * Changes the session's configuration; what is left out stays as it is.
   *
   * @throws {InvalidEventError} when the configuration breaks a rule of the protocol; nothing is sent then.
   * @throws {RealtimeApiError} when the server refuses it: nothing of it takes effect.
   * @throws {ConnectionError} when the session ends first, `DOMException` when aborted or out of time.
   */
  async update(changes: SessionChanges, options?: CommandOptions): Promise<RealtimeSession | TranscriptionSession> {
    const session = { type: this.#config?.type ?? "realtime", ...changes } as SessionConfig;
    const event = await this.#command({ type: "session.update", session }, "session.updated", options);
    this.#hub.ready();
    return event.session as RealtimeSession | TranscriptionSession;
  }

  /**
   * Adds an item to the conversation; resolves with its id. Errors are those of {@linkcode update}.
   */
  async addItem(item: ItemParam, options: AddItemOptions = {}): Promise<string> {
    const id = item.id ?? this.#makeId("item");
    await this.#command(
      { type: "conversation.item.create", previous_item_id: options.previousItemId, item: { ...item, id } },
      answerRow("conversation.item.added", id),
      options,
    );
    return id;
  }

  /** Adds a message of the user to the conversation; resolves with its id. Errors are those of {@linkcode update}. */
  sendMessage(text: string, options?: AddItemOptions): Promise<string> {
    return this.addItem({ type: "message", role: "user", content: [{ type: "input_text", text }] }, options);
  }

  /** Takes an item out of the conversation. Errors are those of {@linkcode update}. */
  async deleteItem(itemId: string, options?: CommandOptions): Promise<void> {
    const type = "conversation.item.delete";
    await this.#command({ type, item_id: itemId }, answerRow("conversation.item.deleted", itemId), options);
  }

  /**
   * Cuts the audio of an assistant message after `audioEndMs` milliseconds, as when it was interrupted there; the server
   * forgets the words that follow. Errors are those of {@linkcode update}.
   */
  async truncateItem(itemId: string, audioEndMs: number, options: TruncateItemOptions = {}): Promise<void> {
    await this.#command(
      {
        type: "conversation.item.truncate",
        item_id: itemId,
        content_index: options.contentIndex ?? 0,
        audio_end_ms: audioEndMs,
      },
      answerRow("conversation.item.truncated", itemId),
      options,
    );
  }

  /** Asks the server for an item as it knows it. Errors are those of {@linkcode update}. */
  async retrieveItem(itemId: string, options?: CommandOptions): Promise<Item | UnknownItem> {
    const type = "conversation.item.retrieve";
    const event = await this.#command(
      { type, item_id: itemId },
      answerRow("conversation.item.retrieved", itemId),
      options,
    );
    return event.item as Item | UnknownItem;
  }

  /**
   * Sends audio of the user, in the session's input format. The server does not acknowledge it.
   *
   * @throws {RangeError} when there are more than 15 MiB.
   * @throws {ConnectionError} when the session has ended.
   */
  appendAudio(audio: Uint8Array): void {
    if (audio.length > MAX_APPEND_BYTES) {
      throw new RangeError(
        `Cannot append audio as the chunk must be <= ${MAX_APPEND_BYTES} bytes: current value is ${audio.length}`,
      );
    }
    // Our own encoder's output needs no check.
    this.#transport.send({ type: "input_audio_buffer.append", audio: encodeBase64(audio) }, { check: false });
  }

  /** Makes an item of the audio sent so far; resolves with its id. Errors are those of {@linkcode update}. */
  async commitAudio(options?: CommandOptions): Promise<string> {
    const type = "input_audio_buffer.commit";
    const event = await this.#command({ type }, "input_audio_buffer.committed", options);
    return String(event.item_id);
  }

  /** Forgets the audio sent so far. Errors are those of {@linkcode update}. */
  async clearAudio(options?: CommandOptions): Promise<void> {
    await this.#command({ type: "input_audio_buffer.clear" }, "input_audio_buffer.cleared", options);
  }

  /**
   * Asks the model for a response. It is sent as soon as the conversation's slot is free, at once with
   * `conversation: "none"`; the handle's `done` tells how it went.
   *
   * @throws {InvalidEventError} when the configuration breaks a rule of the protocol; nothing is sent then.
   */
  respond(config: ResponseConfig = {}, options: RespondOptions = {}): ResponseHandle {
    checkResponseConfig(config);
    const handle = this.#scheduler.request(config);
    const { signal } = options;
    const cancel = () => void handle.cancel();
    if (signal?.aborted) cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    handle.done.then(() => signal?.removeEventListener("abort", cancel));
    return handle;
  }

  /** Cancels the response that is active, if any; resolves when it has ended. Idempotent. */
  async cancel(): Promise<void> {
    await this.#scheduler.active?.cancel();
  }

  /** Ends the session: everything that waits settles, `events()` end. Idempotent. */
  close(code?: number, reason?: string): Promise<CloseInfo> {
    void this.#transport.close(code, reason);
    return this.closed;
  }

  /** Ends the session. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #command(
    event: ClientEvent,
    row: string,
    { signal, timeoutMs = this.#ackTimeoutMs }: CommandOptions = {},
    accepts?: (event: WireEvent) => boolean,
  ): Promise<WireEvent> {
    signal?.throwIfAborted();
    const eventId = event.event_id ?? this.#makeId("event");
    const answer = this.#acks.expect(eventId, row, accepts);
    try {
      this.#transport.send({ ...event, event_id: eventId });
    } catch (error) {
      this.#acks.forget(eventId);
      throw error;
    }
    try {
      return await withTimeout(() => answer, { what: `send ${event.type}`, signal, timeoutMs, clock: this.#clock });
    } finally {
      this.#acks.abandon(eventId);
    }
  }

  async #cancelResponse(responseId: string): Promise<void> {
    try {
      const event = { type: "response.cancel", response_id: responseId } as const;
      await this.#command(event, answerRow("response.done", responseId));
    } catch (error) {
      const isOver = error instanceof RealtimeApiError && error.code === "response_cancel_not_active";
      if (!isOver) throw error;
    }
  }

  async #run(): Promise<CloseInfo> {
    let cause: unknown;
    try {
      for await (const event of this.#transport.events) this.#receive(event);
    } catch (error) {
      cause = error;
    }
    const close = await this.#transport.closed;
    const { url } = this.#transport;
    const ended = new ConnectionError(
      `The session with ${url} ended with code ${close.code}${close.reason && `: ${close.reason}`}`,
      { kind: "closed", url, close, cause },
    );
    this.#acks.close(ended);
    this.#scheduler.close(ended);
    this.#toolCalls.close(ended);
    this.#hub.end();
    return close;
  }

  #receive(event: IncomingEvent): void {
    const wire = toWireEvent(event);
    if (wire) {
      const isConfig = wire.type === "session.created" || wire.type === "session.updated";
      if (isConfig && isRecord(wire.session)) this.#config = wire.session as unknown as RealtimeSession;
      this.#scheduler.receive(wire);
      this.#toolCalls.receive(wire);
      this.#acks.receive(wire);
    }
    this.#hub.publish(hideResponseKey(event));
  }
}
