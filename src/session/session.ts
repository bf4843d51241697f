// This module is browser compatible.
import { encodeBase64 } from "../audio/base64.ts";
import { stringAt, type WireEvent } from "../_internal/wire.ts";
import { type CloseInfo, RealtimeApiError } from "../errors.ts";
import {
  type ClientEvent,
  type Item,
  type ItemParam,
  MAX_APPEND_BYTES,
  type RealtimeSession,
  type SessionConfig,
  type Tool,
  type TranscriptionSession,
  type UnknownItem,
} from "../protocol/mod.ts";
import type { RealtimeTool } from "../tools/mod.ts";
import type { SendOptions, Transport } from "../transport/transport.ts";
import { ackKey } from "./_commands/ack_table.ts";
import { SessionEngine } from "./_engine.ts";
import { toDefinitions, toToolBox } from "./_tools/tool_box.ts";
import type { ConversationView } from "./conversation.ts";
import type { RateLimitStatus } from "./rate_limits.ts";
import type { ResponseHandle, ResponseOutcome } from "./response_handle.ts";
import type { SessionEvent, SessionEventMap } from "./session_events.ts";
import type {
  AddItemOptions,
  AnswerMcpOptions,
  CommandOptions,
  RespondOptions,
  SessionOptions,
  TruncateItemOptions,
} from "./session_options.ts";
import { type ResponseSettings, toResponseConfig } from "./response_settings.ts";
import { checkVoice, contradicts, type SessionChanges } from "./session_settings.ts";
import type { UsageLine } from "./usage.ts";
import { toUserContent, type UserContent } from "./user_content.ts";

/**
 * A conversation with a model over one {@linkcode Transport}: commands that settle with their own answer, one response at
 * a time, tools, and any number of independent readers. `connect` makes one; to bring a transport of your own, use
 * `openSession`.
 */
export class Session implements AsyncDisposable {
  /** Resolves when the session has ended, whoever ended it; never rejects. */
  readonly closed: Promise<CloseInfo>;
  /** The items of the conversation, live. */
  readonly conversation: ConversationView;
  readonly #engine: SessionEngine;

  /** Starts a session over a transport; most callers want `connect`, which also configures it and waits until it is ready. */
  constructor(transport: Transport, options: SessionOptions = {}) {
    this.#engine = new SessionEngine(transport, options, this);
    this.conversation = this.#engine.conversation;
    this.closed = this.#engine.closed;
  }

  /** The session's effective configuration, as the server last reported it; `undefined` until it did. */
  get config(): RealtimeSession | TranscriptionSession | undefined {
    return this.#engine.config;
  }

  /** The response that the default conversation is busy with, if there is one. */
  get activeResponse(): ResponseHandle | undefined {
    return this.#engine.scheduler.active;
  }

  /** Bytes that were sent and have not left yet. */
  get bufferedAmount(): number {
    return this.#engine.transport.bufferedAmount + this.#engine.commands.heldBytes;
  }

  /** What was used so far: the sum of all responses and transcriptions. {@linkcode costOf} gives its price. */
  get usage(): readonly UsageLine[] {
    return this.#engine.usage.total;
  }

  /** How the rate limits stand at this moment; empty until the server has told of them, which it does not always do. */
  get rateLimits(): readonly RateLimitStatus[] {
    return this.#engine.rateLimits;
  }

  /**
   * Every event from now on, at the reader's own pace; each call makes a new, independent reader. A reader made right
   * after `connect` also gets what arrived before. One that falls 4,096 events behind ends with a `QuotaExceededError`;
   * nobody else notices.
   */
  events(): AsyncIterableIterator<SessionEvent> {
    return this.#engine.hub.read();
  }

  /**
   * Calls `listener` at once with every event of this type, or with every event for `"*"`. What it throws is reported as
   * a `listener_failed` event.
   *
   * @returns a function that takes the listener out again.
   */
  on<T extends keyof SessionEventMap & string>(type: T, listener: (event: SessionEventMap[T]) => void): () => void {
    return this.#engine.hub.on(type, listener);
  }

  /**
   * Sends one event; nobody waits for its answer. Prefer the methods below, whose promises settle with the server's answer.
   *
   * @throws {InvalidEventError} when the event breaks a rule of the protocol, unless `check` is `false`.
   * @throws {ConnectionError} when the session has ended.
   */
  send(event: ClientEvent, options?: SendOptions): void {
    const { commands, input } = this.#engine;
    commands.post(event, options);
    if (event.type === "input_audio_buffer.append") input.append(event.audio.length * 0.75, this.config);
    if (event.type === "input_audio_buffer.clear") input.clear();
    if (event.type === "input_audio_buffer.commit") input.commit(false);
  }

  /**
   * Changes the session's configuration; what is left out stays as it is.
   *
   * @throws {InvalidEventError} when the configuration breaks a rule of the protocol, or sets another voice after the
   *   model has spoken; nothing is sent then.
   * @throws {RealtimeApiError} when the server refuses it: nothing of it takes effect.
   * @throws {ConnectionError} when the session ends first, `DOMException` when aborted or out of time.
   */
  update(changes: SessionChanges, options?: CommandOptions): Promise<RealtimeSession | TranscriptionSession> {
    return this.#update(changes, options);
  }

  /**
   * Replaces all tools, ours and hosted ones, at once: calls that come before the server has taken the new ones are still
   * carried out by the old. Errors are those of {@linkcode update}.
   *
   * @throws {TypeError} when two functions have the same name.
   */
  async setTools(tools: readonly (RealtimeTool | Tool)[], options?: CommandOptions): Promise<void> {
    const box = toToolBox(tools);
    await this.#update({ tools: toDefinitions(tools) }, options, () => this.#engine.tools = box);
  }

  /**
   * Adds an item to the conversation; resolves with its id. Errors are those of {@linkcode update}.
   */
  addItem(item: ItemParam, options?: AddItemOptions): Promise<string> {
    return this.#engine.addItem(item, options);
  }

  /**
   * Adds a message of the user to the conversation; resolves with its id. Errors are those of {@linkcode update}, and a
   * `TypeError` when an image is neither PNG nor JPEG.
   */
  async sendMessage(content: UserContent, options?: AddItemOptions): Promise<string> {
    return await this.addItem({ type: "message", role: "user", content: toUserContent(content) }, options);
  }

  /**
   * Adds a message of the user and asks the model for a response to it; resolves with the outcome of that response. The
   * message is added at once, so of several questions asked at the same time every response has read all. `signal` also
   * cancels the response, `timeoutMs` counts for the message and again for the response to begin; once it has begun,
   * only `signal` ends the waiting for it. Errors are those of {@linkcode sendMessage}.
   */
  async ask(content: UserContent, settings: ResponseSettings = {}, options?: CommandOptions): Promise<ResponseOutcome> {
    const config = toResponseConfig(settings);
    await this.sendMessage(content, options);
    return await this.respond(config, options).done;
  }

  /**
   * Lets a call of a hosted tool be made that waits for approval; resolves with the id of the answer. Errors are those of
   * {@linkcode update}.
   */
  approveMcp(requestId: string, options?: AnswerMcpOptions): Promise<string> {
    return this.#engine.answerMcp(requestId, true, options);
  }

  /** Refuses a call of a hosted tool that waits for approval; see {@linkcode approveMcp}. */
  denyMcp(requestId: string, options?: AnswerMcpOptions): Promise<string> {
    return this.#engine.answerMcp(requestId, false, options);
  }

  /** Takes an item out of the conversation. Errors are those of {@linkcode update}. */
  async deleteItem(itemId: string, options?: CommandOptions): Promise<void> {
    const event: ClientEvent = { type: "conversation.item.delete", item_id: itemId };
    await this.#engine.commands.run({ event, key: ackKey("conversation.item.deleted", itemId) }, options);
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
    await this.#engine.commands.run({ event, key: ackKey("conversation.item.truncated", itemId) }, options);
  }

  /** Asks the server for an item as it knows it. Errors are those of {@linkcode update}. */
  async retrieveItem(itemId: string, options?: CommandOptions): Promise<Item | UnknownItem> {
    const event: ClientEvent = { type: "conversation.item.retrieve", item_id: itemId };
    const key = ackKey("conversation.item.retrieved", itemId);
    const answer = await this.#engine.commands.run({ event, key }, options);
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
    const event: ClientEvent = { type: "input_audio_buffer.append", audio: encodeBase64(audio) };
    this.#engine.commands.post(event, { check: false, isBase64: true });
    this.#engine.input.append(audio.length, this.config);
  }

  /**
   * Makes an item of the audio sent so far; resolves with its id, empty when the server names none. Errors are those of
   * {@linkcode update}, and a `RangeError` when less than 100 ms were sent since the last commit or clear: the server would
   * refuse that. Where the server finds turns, or others send audio, too, that is left to the server.
   */
  async commitAudio(options?: CommandOptions): Promise<string> {
    const { commands, input, isManual } = this.#engine;
    const takeBack = input.commit(isManual);
    try {
      const answer = await commands.run({ event: { type: "input_audio_buffer.commit" } }, options);
      return stringAt(answer, "item_id") ?? "";
    } catch (error) {
      if (error instanceof RealtimeApiError) takeBack();
      throw error;
    }
  }

  /** Forgets the audio sent so far. Errors are those of {@linkcode update}. */
  async clearAudio(options?: CommandOptions): Promise<void> {
    this.#engine.input.clear();
    await this.#engine.commands.run({ event: { type: "input_audio_buffer.clear" } }, options);
  }

  /**
   * Asks the model for a response. It is sent as soon as the conversation's slot is free and the user does not speak, whom
   * the server will answer; at once with `conversation: "none"`. The handle's `done` tells how it went. Tools that a
   * response outside the conversation calls are not run: they are in its `items()`.
   *
   * @throws {InvalidEventError} when the configuration breaks a rule of the protocol; nothing is sent then.
   * @throws {RangeError} when `timeoutMs` is negative.
   * @throws {TypeError} when a shorthand and a field of the wire set the same.
   */
  respond(settings: ResponseSettings = {}, options: RespondOptions = {}): ResponseHandle {
    return this.#engine.scheduler.request(toResponseConfig(settings), options);
  }

  /**
   * Every response from now on as the server creates it, whoever asked for it; each call makes a new, independent reader,
   * bounded like {@linkcode events}.
   */
  responses(): AsyncIterableIterator<ResponseHandle> {
    return this.#engine.responses.subscribe();
  }

  /**
   * Cancels the response that is active, if any, like {@linkcode ResponseHandle.cancel}, aborts the tools that run and may
   * be interrupted, and takes back what was to follow tools and still waits: the next turn is the user's.
   */
  async cancel(options?: CommandOptions): Promise<void> {
    this.#engine.interrupt(true);
    await this.#engine.scheduler.active?.cancel(options);
  }

  /**
   * Resolves when the model has nothing more to say until it is asked again: no response of the conversation is being made
   * or waits, no tool runs, and what follows the tools was said. An answer to speech counts from `response.created` on.
   * Never rejects; a session that has ended is idle.
   */
  idle(): Promise<void> {
    return this.#engine.idle();
  }

  /** Ends the session: everything that waits settles, `events()` end. Idempotent. */
  close(code?: number, reason?: string): Promise<CloseInfo> {
    return this.#engine.close(code, reason);
  }

  /** Ends the session. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #update(
    changes: SessionChanges,
    options?: CommandOptions,
    onAnswer?: () => void,
  ): Promise<RealtimeSession | TranscriptionSession> {
    const { commands, config, hub } = this.#engine;
    const session = { type: config?.type ?? "realtime", ...changes } as SessionConfig;
    checkVoice(session, config, this.conversation.getSnapshot());
    const accepts = (event: WireEvent) => !contradicts(session, event.session);
    const answer = await commands.run({ event: { type: "session.update", session }, accepts, onAnswer }, options);
    hub.ready();
    return answer.session as RealtimeSession | TranscriptionSession;
  }
}
