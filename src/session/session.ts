// This module is browser compatible.
import { encodeBase64 } from "../audio/base64.ts";
import { systemClock } from "../_internal/clock.ts";
import { EventHub } from "../_internal/event_hub.ts";
import { type IdGenerator, randomId } from "../_internal/ids.ts";
import { isRecord, stringAt, toWireEvent, type WireEvent } from "../_internal/wire.ts";
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
import type { IncomingEvent, SendOptions, Transport } from "../transport/transport.ts";
import { answerRow } from "./_ack_table.ts";
import { Commands } from "./_commands.ts";
import { checkResponseConfig, hideResponseKey } from "./_response_key.ts";
import { ResponseScheduler } from "./_response_scheduler.ts";
import { ToolCalls } from "./_tool_calls.ts";
import type { ResponseHandle } from "./response_handle.ts";
import type { SessionEvent, SessionEventMap } from "./session_events.ts";
import {
  type AddItemOptions,
  type CommandOptions,
  DEFAULT_ACK_TIMEOUT_MS,
  type RespondOptions,
  type SessionOptions,
  type TruncateItemOptions,
} from "./session_options.ts";
import { contradicts, type SessionChanges } from "./session_settings.ts";

/**
 * A conversation with a model over one {@linkcode Transport}: commands that settle with their own answer, one response at
 * a time, tools, and any number of independent readers. `connect` makes one; to bring a transport of your own, use
 * `openSession`.
 */
export class Session implements AsyncDisposable {
  /** Resolves when the session has ended, whoever ended it; never rejects. */
  readonly closed: Promise<CloseInfo>;
  readonly #transport: Transport;
  readonly #makeId: IdGenerator;
  readonly #commands: Commands;
  readonly #hub = new EventHub<SessionEvent, SessionEventMap>((error, eventType) => {
    // A listener of the report that throws in turn has had its chance.
    if (eventType !== "listener_failed") this.#hub.publish({ type: "listener_failed", error, eventType });
  });
  readonly #scheduler: ResponseScheduler;
  readonly #toolCalls: ToolCalls;
  readonly #isShared: boolean;
  #config: RealtimeSession | TranscriptionSession | undefined;

  /** Starts a session over a transport; most callers want `connect`, which also configures it and waits until it is ready. */
  constructor(transport: Transport, options: SessionOptions = {}) {
    const { ackTimeoutMs = DEFAULT_ACK_TIMEOUT_MS, clock = systemClock, makeId = randomId } = options;
    const tools = new Map(options.tools?.map((tool) => [tool.definition.name, tool]));
    const timing = { ackTimeoutMs, clock, makeId };
    this.#transport = transport;
    this.#makeId = makeId;
    this.#isShared = options.sideband ?? false;
    this.#scheduler = new ResponseScheduler({
      ...timing,
      isShared: this.#isShared,
      // `respond` has checked what is sent.
      send: (event) => transport.send(event, { check: false }),
      cancel: (responseId) => this.#cancelResponse(responseId),
    });
    this.#commands = new Commands({ ...timing, transport, onTurnCommitted: () => this.#scheduler.turnCommitted() });
    this.#toolCalls = new ToolCalls({
      find: (name) => tools.get(name),
      response: (responseId) => this.#scheduler.running(responseId),
      // Unchecked, as some servers' call ids are longer than OpenAI's may be, and want an answer all the same.
      sendOutput: (callId, output) => this.#addItem({ type: "function_call_output", call_id: callId, output }, false),
      requestFollowUp: (config) => void this.#scheduler.requestFollowUp(config),
      emit: (event) => this.#hub.publish(event),
      followUp: options.toolFollowUp ?? "respond",
      session: this,
      clock,
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
   * Sends one event; nobody waits for its answer. Prefer the methods below, whose promises settle with the server's answer.
   *
   * @throws {InvalidEventError} when the event breaks a rule of the protocol, unless `check` is `false`.
   * @throws {ConnectionError} when the session has ended.
   */
  send(event: ClientEvent, options?: SendOptions): void {
    this.#commands.post(event, options);
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
    const accepts = this.#isShared ? (event: WireEvent) => !contradicts(session, event.session) : undefined;
    const answer = await this.#commands.run({ event: { type: "session.update", session }, accepts }, options);
    this.#hub.ready();
    return answer.session as RealtimeSession | TranscriptionSession;
  }

  /**
   * Adds an item to the conversation; resolves with its id. Errors are those of {@linkcode update}.
   */
  addItem(item: ItemParam, options?: AddItemOptions): Promise<string> {
    return this.#addItem(item, true, options);
  }

  /** Adds a message of the user to the conversation; resolves with its id. Errors are those of {@linkcode update}. */
  sendMessage(text: string, options?: AddItemOptions): Promise<string> {
    return this.addItem({ type: "message", role: "user", content: [{ type: "input_text", text }] }, options);
  }

  /** Takes an item out of the conversation. Errors are those of {@linkcode update}. */
  async deleteItem(itemId: string, options?: CommandOptions): Promise<void> {
    const event: ClientEvent = { type: "conversation.item.delete", item_id: itemId };
    await this.#commands.run({ event, row: answerRow("conversation.item.deleted", itemId) }, options);
  }

  /**
   * Cuts the audio of an assistant message after `audioEndMs` milliseconds, as when it was interrupted there; the server
   * forgets the words that follow. Errors are those of {@linkcode update}.
   */
  async truncateItem(itemId: string, audioEndMs: number, options: TruncateItemOptions = {}): Promise<void> {
    const event: ClientEvent = {
      type: "conversation.item.truncate",
      item_id: itemId,
      content_index: options.contentIndex ?? 0,
      audio_end_ms: audioEndMs,
    };
    await this.#commands.run({ event, row: answerRow("conversation.item.truncated", itemId) }, options);
  }

  /** Asks the server for an item as it knows it. Errors are those of {@linkcode update}. */
  async retrieveItem(itemId: string, options?: CommandOptions): Promise<Item | UnknownItem> {
    const event: ClientEvent = { type: "conversation.item.retrieve", item_id: itemId };
    const row = answerRow("conversation.item.retrieved", itemId);
    const answer = await this.#commands.run({ event, row }, options);
    return answer.item as Item | UnknownItem;
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

  /**
   * Makes an item of the audio sent so far; resolves with its id, empty when the server names none. Errors are those of
   * {@linkcode update}.
   */
  async commitAudio(options?: CommandOptions): Promise<string> {
    const answer = await this.#commands.run({ event: { type: "input_audio_buffer.commit" } }, options);
    return stringAt(answer, "item_id") ?? "";
  }

  /** Forgets the audio sent so far. Errors are those of {@linkcode update}. */
  async clearAudio(options?: CommandOptions): Promise<void> {
    await this.#commands.run({ event: { type: "input_audio_buffer.clear" } }, options);
  }

  /**
   * Asks the model for a response. It is sent as soon as the conversation's slot is free, at once with
   * `conversation: "none"`; the handle's `done` tells how it went. Tools that a response outside the conversation calls
   * are not run: they are in its `items()`.
   *
   * @throws {InvalidEventError} when the configuration breaks a rule of the protocol; nothing is sent then.
   */
  respond(config: ResponseConfig = {}, options: RespondOptions = {}): ResponseHandle {
    checkResponseConfig(config);
    return this.#scheduler.request(config, options.signal);
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

  async #addItem(item: ItemParam, check: boolean, options: AddItemOptions = {}): Promise<string> {
    const id = item.id ?? this.#makeId("item");
    const event: ClientEvent = {
      type: "conversation.item.create",
      previous_item_id: options.previousItemId,
      item: { ...item, id },
    };
    await this.#commands.run({ event, row: answerRow("conversation.item.added", id), check }, options);
    return id;
  }

  async #cancelResponse(responseId: string | undefined): Promise<void> {
    const row = answerRow("response.done", responseId);
    try {
      await this.#commands.run({ event: { type: "response.cancel", response_id: responseId }, row });
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
      void this.#transport.close();
    }
    const close = await this.#transport.closed;
    const { url } = this.#transport;
    const ended = new ConnectionError(
      `The session with ${url} ended with code ${close.code}${close.reason && `: ${close.reason}`}`,
      { kind: "closed", url, close, cause },
    );
    this.#commands.close(ended);
    this.#scheduler.close(ended);
    await this.#toolCalls.close(ended);
    this.#hub.end();
    return close;
  }

  #receive(event: IncomingEvent): void {
    const wire = toWireEvent(event);
    if (wire) {
      const isConfig = wire.type === "session.created" || wire.type === "session.updated";
      if (isConfig && isRecord(wire.session)) this.#config = wire.session as unknown as RealtimeSession;
      // First, as it asks for the follow-up that is sent when the response is done.
      this.#toolCalls.receive(wire);
      this.#scheduler.receive(wire);
      this.#commands.receive(wire);
    }
    this.#hub.publish(hideResponseKey(event));
  }
}
