// This module is browser compatible.
import { type Clock, systemClock } from "../../_internal/clock.ts";
import { EventHub } from "../../_internal/event_hub.ts";
import { type IdGenerator, randomId } from "../../_internal/ids.ts";
import { Multicast } from "../../_internal/multicast.ts";
import { Wakeup } from "../../_internal/wakeup.ts";
import { at, stringAt, toWireEvent, type WireEvent } from "../../_internal/wire.ts";
import { AcceptedConfig } from "../../_recovery/accepted_config.ts";
import { Generations, type GenerationsOptions } from "../../_recovery/generations.ts";
import { type CloseInfo, ConnectionError } from "../../errors.ts";
import type {
  ClientEvent,
  ItemParam,
  RealtimeSession,
  SessionConfig,
  TranscriptionSession,
} from "../../protocol/mod.ts";
import type { IncomingEvent, SendOptions, Transport } from "../../transport/transport.ts";
import { ackKey } from "../_commands/ack_table.ts";
import { stripCorrelationId } from "../_responses/correlation.ts";
import type { ResponseRecord } from "../_responses/response_record.ts";
import type { CoreSessionOptions } from "../core_session_options.ts";
import type { ResponseHandle } from "../response_handle.ts";
import type { LocalEvent, SessionEvent, SessionEventMap } from "../session_events.ts";
import { type AddItemOptions, DEFAULT_ACK_TIMEOUT_MS } from "../command_options.ts";
import type { PartSession, SessionHost, SessionPart, SessionResponses } from "../session_part.ts";
import { Connection } from "./connection.ts";
import type { ConnectionHost } from "./connection_host.ts";
import { LiveResponses } from "./live_responses.ts";
import { LocalEvents } from "./local_events.ts";
import { PartHooks } from "./part_hooks.ts";
import { PartTable } from "./part_table.ts";
import { TranscriptWait } from "./transcript_wait.ts";

/** The event pump of a session, which hands every event to its parts, and state with the lifetime of the session. */
export class Kernel extends PartHooks
  implements SessionHost, ConnectionHost, GenerationsOptions<ClientEvent, IncomingEvent, Connection> {
  readonly session: PartSession;
  readonly closed: Promise<CloseInfo>;
  readonly clock: Clock;
  readonly makeId: IdGenerator;
  readonly ackTimeoutMs: number;
  readonly isShared: boolean;
  readonly begun: Multicast<ResponseHandle> = new Multicast();
  readonly hub: EventHub<SessionEvent, SessionEventMap> = new EventHub((error, eventType) => {
    // An exception of a listener of this report is ignored.
    if (eventType !== "listener_failed") this.report(error, eventType);
  });
  readonly responses: SessionResponses = new LiveResponses(this);
  readonly accepted: AcceptedConfig<SessionConfig> = new AcceptedConfig();
  readonly transcripts: TranscriptWait = new TranscriptWait();
  readonly generations: Generations<ClientEvent, IncomingEvent, Connection>;
  readonly #local: LocalEvents;
  readonly #parts: PartTable = new PartTable((...failure) => this.#local.reportPart(...failure));
  readonly #changed = new Wakeup();

  constructor(session: PartSession, transport: Transport, options: CoreSessionOptions) {
    super();
    this.session = session;
    this.clock = options.clock ?? systemClock;
    this.makeId = options.makeId ?? randomId;
    this.ackTimeoutMs = options.ackTimeoutMs ?? DEFAULT_ACK_TIMEOUT_MS;
    this.isShared = options.shared ?? options.sideband ?? false;
    this.#local = new LocalEvents(this.hub, this.#parts, options.onUnhandled);
    this.generations = new Generations(transport, this);
    this.closed = this.#run();
  }

  get connection(): Connection {
    return this.generations.connection;
  }

  get hasEnded(): boolean {
    return this.generations.state === "closed";
  }

  get url(): string {
    return this.connection.transport.url;
  }

  get playback(): "client" | "server" {
    return this.connection.transport.playback;
  }

  get config(): RealtimeSession | TranscriptionSession | undefined {
    return this.connection.config;
  }

  /** Whether all turns are ended by this client. */
  get isManual(): boolean {
    return this.connection.turnDetection === null && !this.isShared;
  }

  /** Installs a part; a part that throws leaves nothing behind. */
  install<Api extends object>(part: SessionPart<Api>): Api | undefined {
    return this.attempt(() => this.#parts.install(part, this));
  }

  /** Installs a part of a new session, which can do without it: a part that throws is reported, and left out. */
  installFirst(part: SessionPart): void {
    const install = (host: SessionHost) => {
      try {
        return this.attempt(() => this.#parts.begin(part, host));
      } catch (error) {
        this.#local.reportPart(error, part.name);
        return {};
      }
    };
    this.install({ name: part.name, install });
  }

  /** The initial configuration of the session. */
  configure(config: SessionConfig): SessionConfig {
    return this.#parts.configure(config);
  }

  emit(event: LocalEvent): void {
    this.#local.emit(event);
  }

  sent(event: ClientEvent): void {
    this.#parts.notify("onSent", event);
    const isRequest = event.type === "response.create" && event.response?.conversation !== "none";
    if (isRequest) this.connection.responses.requestSent();
  }

  report(error: unknown, context: string): void {
    this.emit({ type: "listener_failed", error, eventType: context });
  }

  async addItem(
    item: ItemParam,
    options: AddItemOptions & { readonly check?: boolean | undefined } = {},
  ): Promise<string> {
    const id = item?.id ?? this.makeId("item");
    const event: ClientEvent = {
      type: "conversation.item.create",
      previous_item_id: options?.previousItemId,
      item: { ...item, id },
    };
    const key = ackKey("conversation.item.added", id);
    const answer = await this.connection.commands.run({ event, key, check: options?.check }, options);
    // Some servers assign their own item ids.
    return stringAt(answer, "item", "id") ?? id;
  }

  async update(...update: Parameters<Connection["update"]>): Promise<RealtimeSession | TranscriptionSession> {
    const config = await this.connection.update(...update);
    this.hub.ready();
    return config;
  }

  override interrupt(isFinal: boolean): void {
    super.interrupt(isFinal);
    this.connection.responses.interrupt();
  }

  unsent(error: unknown, event: ClientEvent, options?: SendOptions): void {
    if (!(error instanceof ConnectionError)) this.report(error, "send");
    else if (this.generations.state === "reconnecting") this.connection.commands.post(event, options);
  }

  get isActive(): boolean {
    return this.active !== undefined || this.isWorking();
  }

  /** Resolves when something may have become idle, or a transcript has arrived. */
  get changed(): Promise<void> {
    return this.#changed.next;
  }

  notifyIdle(): void {
    this.#changed.wake();
  }

  async idle(except?: object): Promise<void> {
    const isBusy = () => !this.responses.isIdle || this.isBusy(except);
    while (!this.hasEnded && isBusy()) await this.#changed.next;
  }

  /** Ends the session. */
  close(code?: number, reason?: string): Promise<CloseInfo> {
    this.generations.close(code, reason);
    return this.closed;
  }

  protected override attempt<T>(install: () => T): T {
    const { generations } = this;
    const { check, keeper, startsAnew } = generations;
    try {
      return super.attempt(install);
    } catch (error) {
      Object.assign(generations, { check, keeper, startsAnew });
      throw error;
    }
  }

  /**
   * Abandons everything that only the old connection could have completed; the follow-ups of lost responses go to the
   * next one.
   */
  onSuspended(previous: Connection, cause: ConnectionError): void {
    this.transcripts.forget();
    for (const origin of previous.close(cause)) this.endUnseen(origin);
  }

  async #run(): Promise<CloseInfo> {
    const ended = await this.generations.run();
    this.connection.close(ended);
    const closed = { type: "closed", ...ended.close } as const;
    await this.#parts.close(ended, closed, this.clock);
    const error = closed.clean ? undefined : ended;
    this.#parts.end(closed, error);
    this.begun.end([], error);
    this.hub.end(closed, error);
    return ended.close;
  }

  begin(transport: Transport, previous?: Connection): Connection {
    return new Connection(transport, this, previous);
  }

  onReceived(event: IncomingEvent): void {
    this.#parts.notify("onReceived", event);
    const wire = toWireEvent(event);
    this.#local.hold();
    if (wire) this.#process(wire);
    this.#parts.receive("onOther", event);
    const held = this.#local.release();
    this.hub.publish(stripCorrelationId(event), event.type !== "response.output_audio.delta");
    for (const local of held) this.#local.publish(local);
  }

  #process(event: WireEvent): void {
    this.connection.configure(event);
    this.#parts.receive("before", event);
    if (this.connection.isOpen) this.connection.receive(event);
    if (this.transcripts.receive(event, this.config)) this.notifyIdle();
    if (event.type === "input_audio_buffer.speech_started" && this.speechInterrupts) {
      if (at(this.connection.turnDetection, "interrupt_response") !== false) this.interrupt(false);
    }
    this.#parts.receive("on", event);
  }

  get inputMs(): number {
    return this.connection.input.ms;
  }

  /** The active response of the default conversation. */
  get active(): ResponseRecord | undefined {
    return this.connection.responses.active;
  }
}
