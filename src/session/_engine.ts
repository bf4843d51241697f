// This module is browser compatible.
import { Multicast } from "../_internal/multicast.ts";
import { type Clock, systemClock } from "../_internal/clock.ts";
import { EventHub } from "../_internal/event_hub.ts";
import { type IdGenerator, randomId } from "../_internal/ids.ts";
import { withTimeout } from "../_internal/timeout.ts";
import { at, isRecord, stringAt, toApiError, toWireEvent, type WireEvent } from "../_internal/wire.ts";
import { type CloseInfo, ConnectionError, RealtimeApiError } from "../errors.ts";
import type { ClientEvent, ItemParam, RealtimeSession, TranscriptionSession } from "../protocol/mod.ts";
import type { ToolSession } from "../tools/mod.ts";
import type { IncomingEvent, SendOptions, Transport } from "../transport/transport.ts";
import { ackKey } from "./_commands/ack_table.ts";
import { Commands } from "./_commands/commands.ts";
import { TruncationDetector } from "./_parts/truncation_detector.ts";
import { ConversationStore } from "./_conversation/conversation_store.ts";
import { type LimitName, LimitTimers } from "./_parts/limit_watch.ts";
import { McpApprovals } from "./_parts/mcp_approvals.ts";
import { stripCorrelationId } from "./_responses/correlation.ts";
import { ResponseScheduler } from "./_responses/response_scheduler.ts";
import { InputMeter } from "./_commands/input_meter.ts";
import { createSessionLog, type SessionLog } from "./_parts/session_log.ts";
import { toToolBox } from "./_tools/tool_box.ts";
import { ToolCalls } from "./_tools/tool_calls.ts";
import { TurnTimer } from "./_parts/turn_timer.ts";
import { UsageMeter } from "./_parts/usage_meter.ts";
import { rateLimitsAt, type RateLimitStatus } from "./rate_limits.ts";
import type { ResponseHandle } from "./response_handle.ts";
import type { LocalEvent, SessionEvent, SessionEventMap } from "./session_events.ts";
import { DEFAULT_TOOL_ROUNDS, LIMIT_GRACE_MS } from "./session_limits.ts";
import { type AddItemOptions, DEFAULT_ACK_TIMEOUT_MS, type SessionOptions } from "./session_options.ts";

/** The parts of a session, and the pump that hands every event to each of them. */
export class SessionEngine {
  readonly transport: Transport;
  readonly closed: Promise<CloseInfo>;
  readonly commands: Commands;
  readonly scheduler: ResponseScheduler;
  readonly conversation: ConversationStore;
  readonly responses: Multicast<ResponseHandle> = new Multicast();
  readonly hub: EventHub<SessionEvent, SessionEventMap> = new EventHub((error, eventType) => {
    // A listener of the report that throws in turn has had its chance.
    if (eventType !== "listener_failed") this.#report(error, eventType);
  });
  readonly input = new InputMeter();
  /** Whether others steer the session, too. */
  readonly isShared: boolean;
  config: RealtimeSession | TranscriptionSession | undefined;
  readonly usage = new UsageMeter();
  tools;
  /** Whether speech that the server hears interrupts; `false` where voice decides. */
  decidesInterruptions = true;
  readonly #clock: Clock;
  readonly #makeId: IdGenerator;
  readonly toolCalls: ToolCalls;
  readonly #approvals: McpApprovals;
  readonly #limits: LimitTimers;
  readonly #context = new TruncationDetector();
  readonly #turnTimer: TurnTimer;
  #changed = Promise.withResolvers<void>();
  #serverNamesEvents = false;
  readonly #log: SessionLog;
  #rateLimits: { readonly event: WireEvent; readonly receivedMs: number } | undefined;

  constructor(transport: Transport, options: SessionOptions, session: ToolSession) {
    const { ackTimeoutMs = DEFAULT_ACK_TIMEOUT_MS, clock = systemClock, makeId = randomId } = options;
    const timing = { ackTimeoutMs, clock, makeId };
    this.tools = toToolBox(options.tools);
    this.transport = transport;
    this.isShared = options.shared ?? options.sideband ?? false;
    this.#clock = clock;
    this.#turnTimer = new TurnTimer(clock);
    this.#log = createSessionLog(options.logger, clock);
    this.#makeId = makeId;
    this.conversation = new ConversationStore((error) => this.#report(error, "conversation"));
    this.scheduler = new ResponseScheduler({
      ...timing,
      isShared: this.isShared,
      // `respond` has checked what is sent.
      send: (event) => this.send(event, { check: false }),
      cancel: (responseId) => this.#cancelResponse(responseId),
      answersTurns: () => {
        const detection = this.#turnDetection;
        return detection === undefined ? undefined : isRecord(detection) && detection.create_response !== false;
      },
      onBegin: (handle) => this.responses.publish(handle),
      onUnseenEnd: (origin) => this.toolCalls.endUnseen(origin),
      onChange: () => this.#notify(),
    });
    this.commands = new Commands({
      ...timing,
      isShared: this.isShared,
      transport: this,
      onTurnCommitted: () => this.scheduler.turnCommitted(),
    });
    this.toolCalls = new ToolCalls({
      find: (name) => this.tools.get(name),
      isLeftAlone: (name, { config }) => this.isShared || isDescribed(name, config.tools ?? at(this.config, "tools")),
      originOf: (responseId) => this.scheduler.originOf(responseId),
      responseCount: () => this.scheduler.count,
      // Unchecked, as some servers' call ids are longer than OpenAI's may be, and need an answer all the same.
      sendOutput: (callId, output) =>
        this.addItem({ type: "function_call_output", call_id: callId, output }, { check: false }),
      sendResult: (text) => this.addItem({ type: "message", role: "system", content: [{ type: "input_text", text }] }),
      dispatch: options.dispatchTool,
      approve: options.onToolApproval,
      requestFiller: (config) =>
        this.scheduler.isIdle ? this.scheduler.request(config, { purpose: "filler" }) : undefined,
      requestFollowUp: (config, toolRound) => this.scheduler.requestFollowUp(config, toolRound),
      emit: (event) => this.#publish(event),
      onChange: () => this.#notify(),
      idleBut: (call) => this.idle(call),
      followUp: options.toolFollowUp ?? "respond",
      maxRounds: options.limits?.toolRounds ?? DEFAULT_TOOL_ROUNDS,
      session,
      clock,
    });
    this.#approvals = new McpApprovals(
      options.onMcpApproval,
      (requestId, approve) => this.answerMcp(requestId, approve),
      (error) => this.#report(error, "mcp_approval_request"),
    );
    this.#limits = new LimitTimers(
      options.limits ?? {},
      clock,
      () => this.scheduler.active !== undefined || this.toolCalls.isRunning,
      (limit) => void this.#endGracefully(limit, options.limits?.hangUp),
    );
    this.#log("session", { type: "opened", url: transport.url });
    this.closed = this.#run();
  }

  /** How the rate limits stand now. */
  get rateLimits(): readonly RateLimitStatus[] {
    return rateLimitsAt(this.#rateLimits?.event, this.#rateLimits?.receivedMs ?? 0, this.#clock.now());
  }

  /** Resolves when the model has nothing more to say; `except` is a tool call that does not count. */
  async idle(except?: object): Promise<void> {
    while (!this.scheduler.isIdle || this.toolCalls.leadsToSpeech(except)) await this.#changed.promise;
  }

  /** Notes that the user, or the application in the user's stead, has interrupted: the next turn is the user's. */
  interrupt(isFinal: boolean): void {
    this.toolCalls.interrupt(isFinal);
    this.scheduler.interrupt();
  }

  /** Ends the session. */
  close(code?: number, reason?: string): Promise<CloseInfo> {
    void this.transport.close(code, reason);
    this.commands.end();
    return this.closed;
  }

  /** Sends one event. */
  send(event: ClientEvent, options?: SendOptions): void {
    this.transport.send(event, options);
    this.conversation.send(event);
    this.#log("sent", event);
  }

  /** Adds an item; resolves with its id. */
  async addItem(item: ItemParam, options: AddItemOptions & { readonly check?: boolean } = {}): Promise<string> {
    const id = item.id ?? this.#makeId("item");
    const event: ClientEvent = {
      type: "conversation.item.create",
      previous_item_id: options.previousItemId,
      item: { ...item, id },
    };
    const key = ackKey("conversation.item.added", id);
    const answer = await this.commands.run({ event, key, check: options.check }, options);
    // Some servers give items ids of their own.
    return stringAt(answer, "item", "id") ?? id;
  }

  /** Answers a call of a hosted tool that waits for approval; resolves with the id of the answer. */
  answerMcp(
    requestId: string,
    approve: boolean,
    options: AddItemOptions & { readonly reason?: string | undefined } = {},
  ) {
    const answer = { type: "mcp_approval_response", id: this.#makeId("item"), approval_request_id: requestId } as const;
    return this.addItem({ ...answer, approve, reason: options.reason }, options);
  }

  async #cancelResponse(responseId: string | undefined): Promise<void> {
    const key = ackKey("response.done", responseId);
    try {
      await this.commands.run({ event: { type: "response.cancel", response_id: responseId }, key });
    } catch (error) {
      const isOver = error instanceof RealtimeApiError && error.code === "response_cancel_not_active";
      if (!isOver) throw error;
    }
  }

  async #endGracefully(limit: LimitName, hangUp = (): unknown => undefined): Promise<void> {
    this.#publish({ type: "limit_reached", limit });
    const timing = { what: "end the session", timeoutMs: LIMIT_GRACE_MS, clock: this.#clock };
    // A response that takes longer is cut off.
    await withTimeout(async () => await this.scheduler.active?.done, timing).catch(() => {});
    await withTimeout(async () => await hangUp(), timing).catch((error) => this.#report(error, "limit_reached"));
    void this.close(1000, `The session reached ${limit}`);
  }

  /** Whether all turns are ours to find. */
  get isManual(): boolean {
    return this.#turnDetection === null && !this.isShared;
  }

  get #turnDetection(): unknown {
    return at(this.config, "audio", "input", "turn_detection");
  }

  get #speechInterrupts(): boolean {
    return this.decidesInterruptions && at(this.#turnDetection, "interrupt_response") !== false;
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Settles what an `error` refuses. From a server that never names the event it can only be the one command in flight. */
  #refuse(event: WireEvent): void {
    if (!isRecord(event.error)) return;
    const eventId = stringAt(event, "error", "event_id");
    if (eventId !== undefined) this.#serverNamesEvents = true;
    const isOnly = this.commands.pending + this.scheduler.pending === 1;
    if (eventId === undefined && (this.#serverNamesEvents || !isOnly)) return;
    const error = toApiError(event);
    if (!this.commands.refuse(eventId, error)) this.scheduler.refuse(eventId, error);
  }

  #report(error: unknown, eventType: string): void {
    this.#publish({ type: "listener_failed", error, eventType });
  }

  #publish(event: LocalEvent | undefined): void {
    if (!event) return;
    this.#log("session", event);
    this.hub.publish(event);
  }

  async #run(): Promise<CloseInfo> {
    let cause: unknown;
    try {
      // Not every browser can iterate over a stream.
      const events = this.transport.events.getReader();
      for (let read = await events.read(); !read.done; read = await events.read()) this.#receive(read.value);
    } catch (error) {
      cause = error;
      void this.transport.close();
    }
    const close = await this.transport.closed;
    const { url } = this.transport;
    this.#log("session", { type: "closed", ...close });
    const ended = new ConnectionError(
      `The session with ${url} ended with code ${close.code}${close.reason && `: ${close.reason}`}`,
      { kind: "closed", url, close, cause },
    );
    this.#limits.stop();
    this.commands.close(ended);
    this.scheduler.close(ended);
    this.#approvals.close(ended);
    await this.toolCalls.close(ended);
    this.responses.end();
    this.hub.end();
    return close;
  }

  #receive(event: IncomingEvent): void {
    this.#log("received", event);
    const wire = toWireEvent(event);
    const config = this.scheduler.originOf(stringAt(wire, "response", "id"))?.config;
    const truncation = wire && this.#context.receive(wire, config);
    // First, as the response tells how much of the conversation is left.
    if (wire && truncation) this.conversation.loseContext(wire, truncation);
    if (wire) this.#handle(wire);
    this.hub.publish(stripCorrelationId(event));
    this.#publish(truncation);
    this.#publish(wire && this.#turnTimer.receive(wire));
  }

  #handle(event: WireEvent): void {
    const isConfig = event.type === "session.created" || event.type === "session.updated";
    if (isConfig && isRecord(event.session)) this.config = event.session as unknown as RealtimeSession;
    if (event.type === "rate_limits.updated") this.#rateLimits = { event, receivedMs: this.#clock.now() };
    if (event.type === "error") this.#refuse(event);
    this.conversation.receive(event);
    this.commands.receive(event);
    this.scheduler.receive(event);
    if (event.type === "input_audio_buffer.speech_started" && this.#speechInterrupts) this.interrupt(false);
    this.toolCalls.receive(event);
    this.#approvals.receive(event);
    this.#limits.receive(event, this.config);
    if (this.usage.receive(event, this.config)) this.#limits.spend(this.usage.total);
  }
}

/** Whether tools, as the server was told of them, contain a function of this name. */
function isDescribed(name: string, tools: unknown): boolean {
  return Array.isArray(tools) && tools.some((tool) => stringAt(tool, "name") === name);
}
