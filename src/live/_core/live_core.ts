// This module is browser compatible.
import { checkOptions } from "../../_internal/check_options.ts";
import { randomId } from "../../_internal/ids.ts";
import { asString, isRecord, numberAt, toWireEvent, type WireEvent } from "../../_internal/wire.ts";
import { type CloseInfo, ConnectionError, RealtimeApiError } from "../../errors.ts";
import type { LiveIncomingEvent, LiveOutgoingEvent, LiveSessionResource } from "../../protocol/mod.ts";
import type { BackendCalls } from "../_delegation/backend_calls.ts";
import { DelegationTasks } from "../_delegation/delegation_tasks.ts";
import { LiveInput } from "../_audio/live_input.ts";
import type { LiveAppendKind, LiveCoreOptions } from "./core_options.ts";
import { isJoined, type LiveLink, type SpeechDetector } from "./link.ts";
import { LiveNews } from "./live_news.ts";
import { LiveOutput } from "../_audio/live_output.ts";
import { PendingCommands } from "./pending.ts";
import { toLiveError } from "./to_live_error.ts";
import { createToolCalls } from "../_delegation/create_tool_calls.ts";
import { TurnMaker } from "./turn_maker.ts";
import { unlessEnded } from "./unless_ended.ts";
import { UsageMeter } from "./usage_meter.ts";
import { type LiveInterval, WAIT_NAMES } from "../live_delegation.ts";
import type { LiveCloseResult } from "../live_events.ts";
import type { LiveAppendOptions } from "../live_session.ts";
import type { LiveTransport } from "../live_transport.ts";

/** Default timeout of an answer, and of `session.closed`, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 10_000;

/** Processes the events of one connection: each goes to the parts that it concerns, and then to the application. */
export class LiveCore {
  readonly news: LiveNews;
  readonly pending: PendingCommands;
  readonly calls: BackendCalls;
  readonly tasks: DelegationTasks;
  readonly turns: TurnMaker;
  readonly meter = new UsageMeter();
  readonly connection: LiveLink;
  readonly transport: LiveTransport;
  /** The audio, once the session has started. */
  input!: LiveInput;
  output!: LiveOutput;
  config: LiveSessionResource | undefined;
  isServerMuted = false;
  readonly #options: LiveCoreOptions;
  readonly #started = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<LiveCloseResult>();
  #hasEnded = false;
  #speech: SpeechDetector | undefined;
  #closing: Promise<LiveCloseResult> | undefined;
  #ourReason: LiveCloseResult["reason"] | undefined;
  #serverReason: LiveCloseResult["reason"] | undefined;

  constructor(options: LiveCoreOptions) {
    const { ackTimeoutMs = DEFAULT_TIMEOUT_MS, clock, connection, line, transport } = options;
    this.#options = options;
    this.connection = connection;
    this.transport = transport;
    const send = (event: LiveOutgoingEvent) => transport.send(event);
    this.news = new LiveNews(options.onUnhandled);
    this.pending = new PendingCommands({
      send,
      line,
      timeoutMs: ackTimeoutMs,
      clock,
      keeper: () => this.input.keeper,
    });
    this.calls = createToolCalls(options, {
      config: () => this.config,
      fill: (instructions) =>
        this.append("instructions", instructions).catch((error) => this.news.fail(error, "filler")),
      send: (event) => unlessEnded(() => send(event)),
      emit: (event, context, error) => this.news.publish(event, context, error),
    });
    this.tasks = new DelegationTasks({
      append: (kind, text, options, id) => this.append(kind, text, options, id),
      clock,
    });
    this.turns = new TurnMaker({
      ...options.turns,
      clock,
      onDelta: (turn, fragment) => {
        this.tasks.hear(fragment, turn.startMs);
        this.news.publish({ type: "turn_delta", turn, delta: fragment.text });
      },
      onDone: (turn) => {
        this.news.publish({ type: "turn_done", turn });
        if (turn.role === "user") this.tasks.pause();
      },
    });
    this.#started.promise.catch(() => {});
  }

  /** Whether there is a connection, or will be. */
  get state(): "open" | "reconnecting" | "closed" {
    return this.#hasEnded ? "closed" : this.#options.line?.state ?? "open";
  }

  /** Resolves when events reach the server; `undefined` when they do. */
  get opened(): Promise<void> | undefined {
    return this.#options.line?.opened;
  }

  /** Resolves when the session has ended. */
  get closed(): Promise<LiveCloseResult> {
    return this.#ended.promise;
  }

  /** Whether the model is currently heard. */
  get isSpeaking(): boolean {
    return this.#speech?.isSpeaking ?? this.output.isSpeaking;
  }

  /** Starts reading, and starts the session, unless it is joined; resolves when the server has started it. */
  async start(): Promise<void> {
    const { line, requested } = this.#options;
    if (isJoined(this.connection)) this.#begin();
    void this.#read();
    line?.recover(this);
    if (!requested) return;
    this.transport.send({ type: "session.start", event_id: randomId("ev"), session: requested } as LiveOutgoingEvent);
    await this.#started.promise;
  }

  /** Sends a text to the model, for a task if there is one; resolves with the interval in which the model receives it. */
  async append(
    kind: LiveAppendKind,
    content: string,
    options: LiveAppendOptions = {},
    taskId?: string,
  ): Promise<LiveInterval> {
    checkOptions("append text", options, taskId === undefined ? { ...WAIT_NAMES, delegationId: 1 } : WAIT_NAMES);
    const { delegationId = taskId ?? null, signal } = options;
    const event: LiveOutgoingEvent = { type: `session.${kind}.append`, content, delegation_id: delegationId };
    return intervalOf(await this.pending.ask(event, `session.${kind}.appended`, { signal }));
  }

  /** Ends the session, or leaves it; see `LiveSession.close`. */
  close(endSession: boolean): Promise<LiveCloseResult> {
    return this.#closing ??= this.#close(endSession);
  }

  async #close(endSession: boolean): Promise<LiveCloseResult> {
    this.#ourReason = endSession ? "close_requested" : "detached";
    const { closeTimeoutMs = DEFAULT_TIMEOUT_MS } = this.#options;
    if (endSession) {
      const timeout = Promise.withResolvers<void>();
      // A data channel may not be permitted to end its session.
      this.pending.ask({ type: "session.close" }, "session.closed")
        .catch((error) => error instanceof RealtimeApiError && timeout.resolve());
      const cancel = this.#options.clock.schedule(timeout.resolve, closeTimeoutMs);
      await Promise.race([this.transport.closed, timeout.promise]);
      cancel();
    }
    await this.transport.close(1000);
    return await this.closed;
  }

  async #read(): Promise<void> {
    const reader = this.transport.events.getReader();
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) this.#receive(next.value);
    } catch (error) {
      // The audio of the user may not be convertible to the format of the session.
      if (this.input) this.news.fail(error, "connection");
      else this.#started.reject(error);
    }
    this.#finish(await this.transport.closed);
  }

  #receive(event: LiveIncomingEvent): void {
    const wire = toWireEvent(event);
    if (wire) this.#handle(wire);
    const isUnexpected = event.type === "error" && wire && !this.#answer(wire);
    this.news.publish(event, isUnexpected ? "server" : undefined, isUnexpected && toLiveError(wire));
  }

  /** Whether an `error` belongs to a pending command. */
  #answer(event: WireEvent): boolean {
    if (!this.input) {
      const cause = toLiveError(event);
      this.#started.reject(this.#failure("refused", `the session was refused: ${cause.message}`, { cause }));
      return true;
    }
    return this.pending.receive(event) || this.calls.refused(event);
  }

  #handle(event: WireEvent): void {
    switch (event.type) {
      case "session.output_audio.delta":
        return this.output?.push(asString(event.delta) ?? "");
      case "session.input_transcript.delta":
      case "session.output_transcript.delta":
        return this.#hear(event);
      case "session.started":
      case "session.updated":
        return this.#configure(event);
      case "session.input_audio.muted":
      case "session.input_audio.unmuted":
        this.isServerMuted = event.type.endsWith(".muted");
        break;
      case "session.delegation.created": {
        const task = this.tasks.create(event);
        if (task) this.news.publish({ type: "delegation", task });
        return;
      }
      case "response.event":
        this.meter.receive(event);
        return this.calls.receive(event);
      case "session.usage.updated":
        return this.meter.receive(event);
      case "session.closed":
        this.meter.receive(event);
        this.#serverReason = asString(event.reason) ?? "connection_lost";
        return void this.transport.close(1000);
      case "decision.event":
        // It names no client event, and events caused by a delegation or a trigger answer no command.
        if (event.delegation_id || event.source_event_id) return;
        break;
      case "error":
        return;
    }
    this.pending.receive(event);
  }

  #configure(event: WireEvent): void {
    // Servers may leave out settings.
    if (isRecord(event.session)) {
      this.config = { ...this.config ?? this.#options.requested, ...event.session } as unknown as LiveSessionResource;
    }
    this.pending.receive(event);
    if (!this.input) this.#begin();
    this.#started.resolve();
  }

  #hear(event: WireEvent): void {
    this.turns.push({
      role: event.type.includes("input") ? "user" : "assistant",
      text: asString(event.delta) ?? "",
      ...intervalOf(event),
    });
  }

  #begin(): void {
    const { clock, keeper = true, media, requested } = this.#options;
    const format = this.config?.audio?.format ?? requested?.audio?.format ?? undefined;
    const onSpeech = (isSpeaking: boolean, atMs: number) =>
      this.news.publish({ type: isSpeaking ? "speech_started" : "speech_stopped", atMs });
    this.input = new LiveInput({
      settings: this.#options,
      format,
      keeper: keeper && !isJoined(this.connection),
      append: (audio) => this.#appendAudio(audio),
      bufferedAmount: () => this.transport.bufferedAmount,
      closed: this.transport.closed,
      clock,
    });
    this.output = new LiveOutput({ format, onSpeech, onError: (error) => this.news.fail(error, "output audio") });
    this.#speech = media?.detect(clock, onSpeech, (error) => this.news.fail(error, "loudness of the model"));
  }

  #appendAudio(audio: string): void {
    if (isJoined(this.connection)) throw new TypeError("Cannot send audio over this connection");
    this.transport.send({ type: "session.input_audio.append", audio }, { check: false, isBase64: true });
  }

  #finish(close: CloseInfo): void {
    const confirmed = this.#serverReason !== undefined;
    const reason = this.#serverReason ?? this.#ourReason ?? "connection_lost";
    const result = { reason, seconds: this.meter.usage.seconds, confirmed };
    const error = this.#failure("closed", `the session has ended: ${reason}, code ${close.code}`, { close });
    const abortion = new DOMException("The session has ended", "AbortError");
    this.#hasEnded = true;
    this.#started.reject(error);
    this.pending.fail(error);
    this.calls.end(abortion);
    this.#speech?.end();
    this.input?.end();
    this.output?.end();
    this.turns.end();
    this.tasks.end(abortion);
    const clean = confirmed || this.#ourReason !== undefined || close.code === 1000;
    this.news.end({ type: "closed", ...result, close, clean }, error);
    this.#ended.resolve(result);
  }

  #failure(
    kind: "refused" | "closed",
    why: string,
    known: { readonly cause?: Error; readonly close?: CloseInfo },
  ): ConnectionError {
    const { url } = this.transport;
    return new ConnectionError(`Cannot use the Live session at ${url} as ${why}`, { kind, url, ...known });
  }
}

function intervalOf(event: WireEvent): LiveInterval {
  return { startMs: numberAt(event, "start_ms"), endMs: numberAt(event, "end_ms") };
}
