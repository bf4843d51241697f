// This module is browser compatible.
import { toCloseInfo } from "../../../_internal/close_info.ts";
import type { CloseInfo } from "../../../errors.ts";
import {
  type LiveAudioFormat,
  type LiveClientConfig,
  type LiveCloseReason,
  type LiveForkSessionConfig,
  type LiveOutgoingEvent,
  type LiveSessionConfig,
  type LiveSessionResource,
  MAX_LIVE_SESSION_MS,
} from "../../../protocol/mod.ts";
import { createMemorySocketPair } from "../../../transport/memory.ts";
import type { Socket, SocketEnd } from "../../../transport/socket.ts";
import { ServerError } from "../../_errors/server_error.ts";
import { Timers } from "../../_session/timers.ts";
import type { Fault } from "../../faults.ts";
import { readLiveFrame } from "./client_frame.ts";
import type { LiveHost } from "./live_host.ts";
import { LiveMedia } from "./live_media.ts";
import { LiveLines } from "./live_lines.ts";
import { LiveMachine } from "../model/live_machine.ts";
import { assertMaySend, CHANNEL_RESTRICTED, type Participant } from "./participant.ts";
import { startedSession, usageRatio } from "./session_resource.ts";
import type { SimulatedLiveSession } from "../../live/simulated_live_session.ts";
import type { LiveOutgoing } from "../model/stage.ts";

/** Delay between a rejected start and the close of the socket, in milliseconds, and the assumed close code. */
const REFUSED_START_MS = 2_000;
const REFUSED_START_CODE = 1008;

/** Interval of usage reports, in milliseconds. */
const USAGE_MS = 15_000;

/** How a session is reached. */
export type LiveTransportKind = "socket" | "webrtc" | "sip";

/** A Live session and its clients. */
export class RunningLiveSession implements SimulatedLiveSession {
  readonly id: string;
  readonly kind: LiveTransportKind;
  readonly closed: Promise<CloseInfo>;
  readonly #host: LiveHost;
  readonly #source: LiveSessionResource | undefined;
  readonly #lines: LiveLines;
  readonly #timers: Timers;
  readonly #listeners = new Set<(samples: Int16Array) => void>();
  readonly #ended = Promise.withResolvers<SocketEnd>();
  #state: "waiting" | "starting" | "active" | "failed" | "ended" = "waiting";
  #machine: LiveMachine | undefined;
  #media: LiveMedia | undefined;
  #held: Int16Array[] | undefined;
  #startedAt = 0;

  constructor(host: LiveHost, kind: LiveTransportKind, source?: LiveSessionResource, id = host.ids("live_u7")) {
    this.id = id;
    this.kind = kind;
    this.closed = this.#ended.promise.then((end) => toCloseInfo(end, false));
    this.#host = host;
    this.#source = source;
    this.#timers = new Timers(host.clock);
    this.#lines = new LiveLines(host, id, {
      onFrame: (frame, who) => this.#receive(frame, who),
      onLeave: (who, info) => this.#leave(who, info),
      onExpire: ({ announces = true }) => announces ? this.end("expired") : this.close(1001),
    });
  }

  get session(): LiveSessionResource | undefined {
    return this.#machine?.session;
  }

  get inputMs(): number {
    return this.#machine?.inputMs ?? 0;
  }

  get isSpeaking(): boolean {
    return this.#machine?.isSpeaking ?? false;
  }

  get isMuted(): boolean {
    return this.#machine?.isMuted ?? false;
  }

  /** Whether no client has asked to start it. */
  get isWaiting(): boolean {
    return this.#state === "waiting";
  }

  /** Whether it has ended. */
  get isOver(): boolean {
    return this.#state === "ended" || this.#state === "failed";
  }

  /** The recording, as WAV, if the session is stored. */
  get recording(): Uint8Array<ArrayBuffer> | undefined {
    return this.session?.store ? this.#media?.tape.toWav() : undefined;
  }

  /** Adds the client that starts the session. */
  attach(socket: Socket): void {
    this.#lines.add(socket, this.#source ? "fork" : "primary", true);
  }

  /** Adds an observer, which gets the session's settings. */
  join(socket: Socket, isGraceful: boolean): void {
    this.#announce(this.#lines.add(socket, "sideband", isGraceful));
  }

  openChannel(): Socket {
    const [page, server] = createMemorySocketPair();
    this.#announce(this.#lines.add(server, "channel", true));
    return page;
  }

  /**
   * Starts the session, or schedules its start for a moment later.
   *
   * @throws {ServerError} when the server would reject the settings.
   */
  start(config: LiveSessionConfig | LiveForkSessionConfig, clientEventId?: string): void {
    const { acceptsModel, latency, unixTime } = this.#host;
    if (this.#lines.lacksCredit()) throw new ServerError("No credit is left.", { code: "credit_balance_exhausted" });
    const expiresAt = Math.floor((unixTime() + latency.startMs + MAX_LIVE_SESSION_MS) / 1000);
    const identity = { id: this.id, expiresAt, hasAudioOnSocket: this.kind === "socket", acceptsModel };
    const { format, session } = startedSession(config, this.#source, identity);
    this.#state = "starting";
    const begin = () => this.#begin(session, format, clientEventId);
    if (latency.startMs > 0) this.#timers.after(latency.startMs, begin);
    else begin();
  }

  send(frame: string): void {
    this.#lines.send(frame);
  }

  fault(fault: Fault): void {
    this.#lines.fault(fault);
  }

  hear(samples: Int16Array): void {
    if (this.kind !== "socket") this.#hear(samples);
  }

  onAudio(listener: (samples: Int16Array) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  pressKey(key: string): void {
    if (!/^[0-9A-D*#]$/.test(key)) {
      throw new RangeError(`Cannot press a key as it must be one of 0-9, *, # and A-D: current value is ${key}`);
    }
    if (this.kind === "sip") this.#emit({ type: "transport.dtmf.received", event: key });
  }

  end(reason: LiveCloseReason, clientEventId?: string): void {
    if (this.isOver) return;
    const { session } = this;
    if (session && this.#state === "active") {
      const usage = { seconds: this.#seconds };
      this.#emit({ type: "session.closed", reason, session, usage, ...named(clientEventId) });
    }
    this.#finish(undefined);
  }

  close(code = 1000, reason = ""): void {
    this.#finish(code, reason);
  }

  get #client(): LiveClientConfig | undefined {
    return this.session?.client as LiveClientConfig | undefined;
  }

  get #seconds(): number {
    return Math.round(this.#host.clock.now() - this.#startedAt) / 1000;
  }

  #finish(code: number | undefined, reason?: string): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    if (this.#machine) this.#media?.end(this.#machine.rest());
    this.#timers.stop();
    this.#lines.close(code, reason);
    if (this.kind !== "socket" || this.#lines.isEmpty) {
      this.#ended.resolve({ code: code ?? 1000, reason: reason ?? "" });
    }
  }

  #begin(session: LiveSessionResource, format: LiveAudioFormat, clientEventId: string | undefined): void {
    const { clock, ids, latency, scenario } = this.#host;
    this.#state = "active";
    this.#startedAt = clock.now();
    const media = this.#media = new LiveMedia({
      format: this.kind === "socket" ? format : undefined,
      isStored: session.store ?? false,
      emit: (event, only) => this.#emit(event, only),
    }, this.#listeners);
    this.#machine = new LiveMachine(session, {
      format,
      scenario,
      ids,
      emit: (event) => this.#emit(event),
      onStep: (heard, said, startMs) => media.send(heard, said, startMs),
    });
    this.#timers.after(USAGE_MS, () => this.#tellUsage());
    this.#timers.after(MAX_LIVE_SESSION_MS, () => this.end("expired"));
    if (latency.firstAudioMs > 0) {
      const held: Int16Array[] = this.#held = [];
      this.#timers.after(latency.firstAudioMs, () => {
        this.#held = undefined;
        for (const samples of held) this.#machine?.hear(samples);
      });
    }
    this.#announce(undefined, clientEventId);
  }

  /** Sends the session, once started, to one client or to all; restricted data channels learn that they are. */
  #announce(who?: Participant, clientEventId?: string): void {
    const { session } = this;
    const isMeant = (each: Participant) => !who || each === who;
    if (session) this.#emit({ type: "session.started", session, ...named(clientEventId) }, isMeant);
    // A fault may have ended the session with it.
    if (!this.#client || this.isOver) return;
    this.#emit(CHANNEL_RESTRICTED, (each) => each.kind === "channel" && isMeant(each));
  }

  #receive(frame: string, who: Participant): void {
    if (this.isOver) return;
    const { event, name, refusal, type } = readLiveFrame(frame, who.kind);
    const isStart = type === "session.start" && this.isWaiting && who.kind !== "sideband";
    try {
      if (refusal) throw refusal;
      if (event) this.#do(event, who);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.#lines.refuse(who, error, isStart ? undefined : name);
      if (!isStart) return;
      this.#state = "failed";
      this.#timers.after(REFUSED_START_MS, () => this.#finish(REFUSED_START_CODE));
    }
  }

  /** Executes a client event. */
  #do(event: LiveOutgoingEvent, who: Participant): void {
    const name = event.event_id ?? undefined;
    if (event.type === "session.start") {
      if (this.#state !== "waiting") {
        throw new ServerError("The session has already been started.", { code: "invalid_request_error" });
      }
      return this.start(event.session, name);
    }
    const machine = this.#machine;
    if (!machine) {
      throw new ServerError(`'${event.type}' must wait for session.started.`, { code: "invalid_request_error" });
    }
    assertMaySend(who.kind, event.type, this.#client);
    switch (event.type) {
      case "session.close":
        return this.end("close_requested", name);
      case "session.input_audio.append":
        return this.#hear(machine.read(event.audio));
      case "transport.dtmf.send":
        if (this.kind !== "sip") throw new ServerError("Only SIP calls have keys.", { code: "invalid_request_error" });
        return void this.#emit({ type: "transport.dtmf.sent", event: event.event, ...named(name) });
      default:
        machine.receive(event);
    }
  }

  #hear(samples: Int16Array): void {
    if (this.#state !== "active") return;
    this.#media?.reflect(samples);
    if (this.#held) this.#held.push(samples);
    else this.#machine?.hear(samples);
  }

  #tellUsage(): void {
    this.#timers.after(USAGE_MS, () => this.#tellUsage());
    const context_window = { usage_ratio: usageRatio(this.inputMs) };
    this.#emit({ type: "session.usage.updated", usage: { seconds: this.#seconds }, context_window });
  }

  /** An observer may leave; with the client that started it the session ends. */
  #leave({ kind }: Participant, info: SocketEnd): void {
    if (kind !== "primary" && kind !== "fork") return;
    this.end("connection_lost");
    this.#ended.resolve(info);
  }

  #emit(event: LiveOutgoing, only?: (who: Participant) => boolean): string {
    return this.#lines.emit(event, this.#client, only);
  }
}

function named(clientEventId: string | undefined): { readonly client_event_id?: string } {
  return clientEventId === undefined ? {} : { client_event_id: clientEventId };
}
