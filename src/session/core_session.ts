// This module is browser compatible.
import { decodedLength } from "../_internal/decoded_length.ts";
import { encodeBase64 } from "../audio/base64.ts";
import { checkOptions } from "../_internal/check_options.ts";
import { stringAt } from "../_internal/wire.ts";
import type { CloseInfo } from "../errors.ts";
import {
  type ClientEvent,
  type Item,
  type ItemParam,
  MAX_APPEND_BYTES,
  type RealtimeSession,
  type SessionConfig,
  type TranscriptionSession,
  type UnknownItem,
} from "../protocol/mod.ts";
import type { SendOptions, Transport } from "../transport/transport.ts";
import { ackKey } from "./_commands/ack_table.ts";
import { drain } from "./_kernel/drain.ts";
import { Kernel } from "./_kernel/kernel.ts";
import { askModel } from "./_responses/ask_model.ts";
import { CORE_NAMES, type CoreSessionOptions } from "./core_session_options.ts";
import type { AskOutcome, ResponseHandle } from "./response_handle.ts";
import { type ResponseSettings, toResponseConfig } from "./response_settings.ts";
import type { SessionEvent, SessionEventMap } from "./session_events.ts";
import type { AddItemOptions, CommandOptions, DrainOptions, DrainResult, RespondOptions } from "./command_options.ts";
import { checkTiming, type TruncateItemOptions } from "./command_options.ts";
import type { ApisOf, CheckedPart, SessionPart } from "./session_part.ts";
import type { SessionUpdate } from "./session_settings.ts";
import { toUserContent, type UserContent } from "./user_content.ts";

/**
 * A conversation with a model: commands that settle with their own answer, one response at a time, and any number of
 * independent readers. Everything else is a part: {@linkcode Session} has all of them, and `connectWith` opens a
 * session with the given ones.
 *
 * @category Sessions
 */
export class CoreSession implements AsyncDisposable {
  /** Resolves when the session has ended, no matter which side ended it; never rejects. */
  readonly closed: Promise<CloseInfo>;
  readonly #kernel: Kernel;

  /**
   * Starts a session over a transport; `connectWith` also configures it.
   *
   * @throws {RangeError} when `ackTimeoutMs` is negative or not a number.
   * @throws {TypeError} when an option is unknown, two parts have the same name, or add the same member.
   */
  constructor(transport: Transport, options: CoreSessionOptions = {}, parts: readonly SessionPart[] = []) {
    checkOptions("start a session", options, CORE_NAMES);
    this.#kernel = new Kernel(this, transport, options);
    this.closed = this.#kernel.closed;
    for (const part of parts) this.#kernel.installFirst(part);
  }

  /** Whether there is a connection. While `"reconnecting"`, commands wait, and 30 seconds of the user's audio are kept. */
  get state(): "open" | "reconnecting" | "closed" {
    return this.#kernel.generations.state;
  }

  /** The session's effective configuration, as the server last reported it; `undefined` before that. */
  get config(): RealtimeSession | TranscriptionSession | undefined {
    return this.#kernel.config;
  }

  /** The active response of the default conversation, if there is one. */
  get activeResponse(): ResponseHandle | undefined {
    return this.#kernel.active;
  }

  /** Bytes that were sent and have not left yet. */
  get bufferedAmount(): number {
    return this.#kernel.connection.bufferedAmount;
  }

  /**
   * Every event from now on, at the reader's own pace; each call creates a new, independent reader. A reader created
   * right after `connect` also receives earlier events. A reader that falls 4,096 events behind ends with a
   * `QuotaExceededError`.
   */
  events(): AsyncIterableIterator<SessionEvent> {
    checkOptions("read events", arguments[0], {});
    return this.#kernel.hub.read();
  }

  /**
   * Calls `listener` with every event of this type, or with every event for `"*"`. Its exceptions become
   * `listener_failed` events.
   *
   * @returns a function that removes the listener.
   */
  on<T extends keyof SessionEventMap & string>(type: T, listener: (event: SessionEventMap[T]) => void): () => void {
    return this.#kernel.hub.on(type, listener);
  }

  /**
   * Sends one event without waiting for its answer. Prefer the methods below, which settle with the server's answer.
   *
   * @throws {InvalidEventError} when the event breaks a rule of the protocol, unless `check` is `false`.
   * @throws {ConnectionError} when the session has ended.
   */
  send(event: ClientEvent, options?: SendOptions): void {
    const { commands, input } = this.#kernel.connection;
    commands.post(event, options);
    // Without a check, the audio may be anything.
    if (event.type === "input_audio_buffer.append") input.append(decodedLength(`${event.audio}`), this.config);
    if (event.type === "input_audio_buffer.clear") input.clear();
    // Its answer is not waited for.
    if (event.type === "input_audio_buffer.commit") input.commit(false)(false);
  }

  /**
   * Changes the session's configuration: wire fields, or the shorthands of `connect`. {@linkcode Session.setTools} sets tools.
   *
   * @throws {TypeError} when a name is unknown, or a shorthand and a wire field set the same value.
   * @throws {InvalidEventError} when the configuration breaks a rule of the protocol, sets another model, or another
   *   voice after the model has spoken; nothing is then sent.
   * @throws {RealtimeApiError} when the server rejects it: none of it takes effect.
   * @throws {ConnectionError} when the session ends first, `DOMException` when aborted or on a timeout.
   */
  update(changes: SessionUpdate, options?: CommandOptions): Promise<RealtimeSession | TranscriptionSession> {
    return this.#kernel.update(changes, options);
  }

  /** Adds an item to the conversation; resolves with its id. Errors are those of {@linkcode update}. */
  addItem(item: ItemParam, options?: AddItemOptions): Promise<string> {
    return this.#kernel.addItem(item, options);
  }

  /** Adds a message of the user; resolves with its id. Errors: {@linkcode update}; `TypeError` unless images are PNG or JPEG. */
  async sendMessage(content: UserContent, options?: AddItemOptions): Promise<string> {
    return await this.addItem({ type: "message", role: "user", content: toUserContent(content) }, options);
  }

  /**
   * Adds a message of the user and requests a response to it. Resolves with the outcome of the last response that the
   * question caused: it waits for tools, except those in the background, and for the responses that follow them. When
   * the user interrupts, it resolves with the interrupted response. A failed response does not reject: see `status`.
   *
   * The message is added immediately, so when several questions are asked at the same time, every response has read all
   * of them. `signal` also cancels the response; `timeoutMs` applies to the message, and again to the response. Errors:
   * {@linkcode sendMessage}.
   */
  async ask(
    content: UserContent,
    settings: ResponseSettings & Pick<CommandOptions, "signal"> = {},
    options: CommandOptions = {},
  ): Promise<AskOutcome> {
    checkOptions("ask", settings);
    checkTiming("ask", options);
    const { signal = options.signal, ...rest } = settings;
    const timing = { ...options, signal };
    const config = toResponseConfig(rest, (event) => this.#kernel.connection.check(event));
    await this.sendMessage(content, timing);
    // By now, the connection may be another one, which has received the message, too.
    return await askModel(this.#kernel.connection.responses.request(config, timing), this.#kernel);
  }

  /** Removes an item from the conversation. Errors are those of {@linkcode update}. */
  async deleteItem(itemId: string, options?: CommandOptions): Promise<void> {
    const event: ClientEvent = { type: "conversation.item.delete", item_id: itemId };
    await this.#kernel.connection.commands.run({ event, key: ackKey("conversation.item.deleted", itemId) }, options);
  }

  /**
   * Cuts the audio of an assistant message after `audioEndMs` milliseconds, as an interruption there does; the server
   * forgets the words that follow. Errors are those of {@linkcode update}.
   */
  async truncateItem(itemId: string, audioEndMs: number, options: TruncateItemOptions = {}): Promise<void> {
    const event: ClientEvent = {
      type: "conversation.item.truncate",
      item_id: itemId,
      content_index: options?.contentIndex ?? 0,
      audio_end_ms: audioEndMs,
    };
    await this.#kernel.connection.commands.run({ event, key: ackKey("conversation.item.truncated", itemId) }, options);
  }

  /** Retrieves the server's version of an item. Errors are those of {@linkcode update}. */
  async retrieveItem(itemId: string, options?: CommandOptions): Promise<Item | UnknownItem> {
    const event: ClientEvent = { type: "conversation.item.retrieve", item_id: itemId };
    const key = ackKey("conversation.item.retrieved", itemId);
    const answer = await this.#kernel.connection.commands.run({ event, key }, options);
    return answer.item as Item | UnknownItem;
  }

  /**
   * Sends audio of the user, as bytes in the session's input format: `toBytes` of `@oai-rt/edge/audio` converts samples.
   * The server does not acknowledge it. Throws {RangeError} for more than 15 MiB.
   *
   * @throws {ConnectionError} when the session has ended.
   */
  appendAudio(audio: Uint8Array): void {
    if (audio?.length > MAX_APPEND_BYTES) {
      throw new RangeError(
        `Cannot append audio as the chunk must be <= ${MAX_APPEND_BYTES} bytes: current value is ${audio.length}`,
      );
    }
    this.send({ type: "input_audio_buffer.append", audio: encodeBase64(audio) }, { check: false, isBase64: true });
  }

  /**
   * Creates an item from the audio sent so far; resolves with its id, empty when the server sends none. Errors are
   * those of {@linkcode update}, and a `RangeError` when less than 100 ms were sent since the last commit or clear. If
   * the server detects turns, or others send audio, the server checks this.
   */
  async commitAudio(options?: CommandOptions): Promise<string> {
    const { commands, input } = this.#kernel.connection;
    const onStart = () => input.commit(this.#kernel.isManual);
    const answer = await commands.run({ event: { type: "input_audio_buffer.commit" }, onStart }, options);
    return stringAt(answer, "item_id") ?? stringAt(answer, "item", "id") ?? "";
  }

  /** Discards the audio sent so far. Errors are those of {@linkcode update}. */
  async clearAudio(options?: CommandOptions): Promise<void> {
    const { commands, input } = this.#kernel.connection;
    const onStart = () => input.commit(false);
    await commands.run({ event: { type: "input_audio_buffer.clear" }, onStart }, options);
  }

  /**
   * Requests a response from the model. The request is sent as soon as no other response is active and the user does
   * not speak; with `conversation: "none"`, immediately. The outcome is `done` of the handle. Tools that an out-of-band
   * response calls are not run: they are in its `items()`.
   *
   * @throws {InvalidEventError} when the configuration breaks a rule of the protocol; nothing is then sent.
   * @throws {RangeError} when `timeoutMs` is negative.
   * @throws {TypeError} when a shorthand and a wire field set the same value.
   */
  respond(settings: ResponseSettings = {}, options: RespondOptions = {}): ResponseHandle {
    checkTiming("respond", options);
    const { connection } = this.#kernel;
    return connection.responses.request(toResponseConfig(settings, (event) => connection.check(event)), options);
  }

  /** Every response from now on, regardless of its origin; each call creates a reader like {@linkcode events}. */
  responses(): AsyncIterableIterator<ResponseHandle> {
    checkOptions("read responses", arguments[0], {});
    return this.#kernel.begun.subscribe();
  }

  /**
   * Cancels the active response, if any, like {@linkcode ResponseHandle.cancel}, and withdraws the session's own
   * requests: tools continue, unless they opted out, and their outputs reach the model, but no response follows them.
   */
  async cancel(options?: CommandOptions): Promise<void> {
    checkTiming("cancel", options);
    this.#kernel.interrupt(true);
    await this.#kernel.active?.cancel(options);
  }

  /**
   * Resolves when the model has nothing more to say until it is asked again: no response of the conversation is active
   * or pending, no tool is running, and the responses to tools have ended. An answer to speech counts from
   * `response.created` on. Rejects only if options are passed, as it has none; a session that has ended is idle.
   */
  async idle(): Promise<void> {
    checkOptions("wait until idle", arguments[0], {});
    await this.#kernel.idle();
  }

  /**
   * Ends the open turn by a commit, or by silence where the server detects turns, and waits until the model is idle and
   * all transcripts have arrived, or until the timeout or the end of the session. `missing` lists items without transcript.
   *
   * @throws {RangeError} when `timeoutMs` is negative.
   */
  drain(options?: DrainOptions): Promise<DrainResult> {
    return drain(this.#kernel, options);
  }

  /** Ends the session: everything pending settles, and `events()` ends. Idempotent. */
  close(code?: number, reason?: string): Promise<CloseInfo> {
    return this.#kernel.close(code, reason);
  }

  /** Ends the session. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /**
   * Installs a part in the session. It receives events from now on; returns the members that it adds.
   *
   * @throws {TypeError} when the session has a part or a member of the same name. Exceptions of the part are passed on.
   */
  install<Part extends SessionPart>(part: Part & CheckedPart<Part>): ApisOf<[Part]> | undefined {
    return this.#kernel.install(part) as ApisOf<[Part]> | undefined;
  }

  /** The initial configuration of the session: the given one, and the additions of its parts. */
  configure(config: SessionConfig): SessionConfig {
    return this.#kernel.configure(config);
  }
}
