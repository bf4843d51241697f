// This module is browser compatible.
import { toCloseInfo } from "../../_internal/close_info.ts";
import type { CloseInfo } from "../../errors.ts";
import type { EffectiveSession, Item, TranslationSession } from "../../protocol/mod.ts";
import type { Socket, SocketEnd } from "../../transport/socket.ts";
import type { FaultLine } from "../_faults/fault_line.ts";
import { SessionFaults } from "../_faults/session_faults.ts";
import { createMachine } from "../_session/create_machine.ts";
import type { Machine } from "../_session/machine.ts";
import { Timers } from "../_session/timers.ts";
import { Outbox } from "../_session/outbox.ts";
import type { SessionSpec } from "../_session/session_spec.ts";
import { IdleWatch } from "./idle_watch.ts";
import type { SessionHost } from "./session_host.ts";
import type { Fault } from "../faults.ts";
import type { SimulatedSession } from "../simulated_session.ts";

/** A session and its clients: all of them receive its events, and an error is received by the client that caused it. */
export class RunningSession implements SimulatedSession {
  readonly closed: Promise<CloseInfo>;
  readonly #host: SessionHost;
  readonly #machine: Machine;
  readonly #faults: SessionFaults;
  readonly #isCall: boolean;
  readonly #sockets = new Set<Socket>();
  readonly #ended = Promise.withResolvers<CloseInfo>();
  readonly #delayed: Timers;
  #asking: Socket | undefined;
  #isClosing = false;

  /**
   * Starts a session: of one socket, with which it ends, or of a call, which ends when it is closed.
   *
   * @param play called with the audio that the caller of a call hears.
   * @throws {ServerError} when the server would reject the settings.
   */
  constructor(spec: SessionSpec, host: SessionHost, play?: (samples: Int16Array) => void) {
    this.closed = this.#ended.promise;
    this.#host = host;
    this.#faults = new SessionFaults(host);
    this.#isCall = play !== undefined;
    this.#delayed = new Timers(host.latency.clock);
    this.#machine = createMachine(spec, {
      simulatedModel: host.createModel(),
      faults: this.#faults.model,
      clock: host.clock,
      pace: host.pace,
      latency: host.latency,
      ids: host.ids,
      unixTime: host.unixTime,
      profile: host.profile,
      rules: host.rules,
      send: (frame, type, delayMs) => this.#send(frame, type, delayMs),
      close: (code, reason) => this.close(code, reason),
      play,
    });
    this.#faults.begin(host.faultsOf(this), "faults");
    host.sessions.add(this);
    this.#machine.start();
  }

  get id(): string {
    return this.#machine.session.id ?? "";
  }

  get session(): EffectiveSession | TranslationSession {
    return this.#machine.session;
  }

  get items(): readonly Item[] {
    return this.#machine.items;
  }

  get activeResponseId(): string | undefined {
    return this.#machine.activeResponseId;
  }

  /** Whether it can no longer be joined: its sockets are being closed. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  audioMsOf(itemId: string): number {
    return this.#machine.audioMsOf(itemId);
  }

  send(frame: string): void {
    this.#deliver(frame, this.#sockets);
  }

  fault(fault: Fault): void {
    this.#faults.add(fault);
  }

  close(code?: number, reason?: string): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#stop();
    for (const socket of this.#sockets) socket.close(code, reason);
    if (this.#sockets.size === 0) this.#end({ code: code ?? 1005, reason: reason ?? "" });
  }

  /** Adds a socket to the session. Returns the line to it, on which faults can occur. */
  attach(client: Socket): Socket {
    const socket = this.#faults.lineTo(client);
    if (this.#isClosing) {
      socket.close();
      return socket;
    }
    this.#sockets.add(socket);
    const activity = this.#isCall ? this.#idleSideband(socket) : undefined;
    socket.listen({
      message: (data) => {
        activity?.seen();
        this.#host.onFrame({ sessionId: this.id, from: "client", data });
        if (this.#isClosing) return;
        const answer = this.#machine.read(data);
        this.#host.latency.inbound.push(this, () => this.#answer(answer, socket));
      },
      close: (info) => {
        activity?.stop();
        this.#sockets.delete(socket);
        if (!this.#isCall || this.#isClosing && this.#sockets.size === 0) this.#end(info);
      },
    });
    return socket;
  }

  /** Sends one participant of a call the settings of the session, as at its beginning. */
  announceTo(socket: Socket): void {
    const outbox = new Outbox(this.#host.ids, (frame) => this.#deliver(frame, [socket]), this.#host.profile);
    outbox.emit({ type: "session.created", session: this.#machine.session as EffectiveSession });
  }

  /** Processes a frame that no client sent: the audio of a call. */
  receive(frame: string): void {
    if (!this.#isClosing) this.#machine.read(frame)();
  }

  /** Drops the sideband of a call that has been idle for too long, where the server does that. */
  #idleSideband(socket: FaultLine): IdleWatch {
    const { clock, profile: { idleSidebandMs } } = this.#host;
    return new IdleWatch(clock, idleSidebandMs, () => socket.add({ type: "drop" }));
  }

  #answer(answer: () => void, socket: Socket): void {
    if (this.#isClosing) return;
    this.#asking = socket;
    answer();
    this.#asking = undefined;
  }

  #send(frame: string, type: string, delayMs: number): void {
    const sockets = type === "error" && this.#asking ? [this.#asking] : this.#sockets;
    if (delayMs > 0) this.#delayed.after(delayMs, () => this.#deliver(frame, sockets));
    else this.#deliver(frame, sockets);
  }

  #stop(): void {
    this.#machine.end();
    this.#host.latency.inbound.forget(this);
    this.#delayed.stop();
  }

  #deliver(frame: string, sockets: Iterable<Socket>): void {
    this.#host.onFrame({ sessionId: this.id, from: "server", data: frame });
    for (const socket of sockets) socket.send(frame);
  }

  #end(end: SocketEnd): void {
    const info = toCloseInfo(end, this.#isClosing);
    this.#isClosing = true;
    this.#stop();
    this.#host.sessions.delete(this);
    this.#ended.resolve(info);
  }
}
