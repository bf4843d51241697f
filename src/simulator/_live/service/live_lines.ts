// This module is browser compatible.
import type { LiveClientConfig } from "../../../protocol/mod.ts";
import type { Socket, SocketEnd } from "../../../transport/socket.ts";
import { SessionFaults } from "../../_faults/session_faults.ts";
import type { ServerError } from "../../_errors/server_error.ts";
import type { ExpireFault, Fault } from "../../faults.ts";
import type { LiveHost } from "./live_host.ts";
import { maySee, type Participant, type ParticipantKind } from "./participant.ts";
import type { LiveOutgoing } from "../model/stage.ts";

/** Close code of a session that ended as it should. */
const NORMAL_CLOSURE = 1000;

/** Events of the server that have no id. */
const WITHOUT_ID: ReadonlySet<string> = new Set(["session.input_audio.append", "session.output_audio.delta"]);

/** Callbacks for the frames of a client. */
export interface LiveLinesOptions {
  /** A frame arrived. */
  readonly onFrame: (frame: string, who: Participant) => void;
  /** A client left. */
  readonly onLeave: (who: Participant, info: SocketEnd) => void;
  /** The session expires early, by a fault. */
  readonly onExpire: (fault: ExpireFault) => void;
}

/** The lines to the participants of a Live session. */
export class LiveLines {
  readonly #host: LiveHost;
  readonly #sessionId: string;
  readonly #options: LiveLinesOptions;
  readonly #faults: SessionFaults;
  readonly #participants = new Set<Participant>();
  readonly #decoder = new TextDecoder();

  constructor(host: LiveHost, sessionId: string, options: LiveLinesOptions) {
    this.#host = host;
    this.#sessionId = sessionId;
    this.#options = options;
    this.#faults = new SessionFaults({ ...host, onExpire: options.onExpire });
    this.#faults.begin(host.faults, host.faultsPath);
  }

  /** Whether the session cannot start for lack of credit, by a fault. */
  lacksCredit(): boolean {
    return this.#faults.model.lacksCredit();
  }

  /** Whether it has no participants. */
  get isEmpty(): boolean {
    return this.#participants.size === 0;
  }

  /** Adds a client. */
  add(socket: Socket, kind: ParticipantKind, isGraceful: boolean): Participant {
    const line = this.#faults.lineTo(socket);
    const who: Participant = { kind, line, isGraceful };
    this.#participants.add(who);
    line.listen({
      message: (data) => {
        if (!this.#participants.has(who)) return;
        this.#host.onFrame({ sessionId: this.#sessionId, from: "client", data });
        this.#options.onFrame(typeof data === "string" ? data : this.#decoder.decode(data), who);
      },
      close: (info) => {
        if (this.#participants.delete(who)) this.#options.onLeave(who, info);
      },
    });
    return who;
  }

  /** Injects a fault into the open lines. */
  fault(fault: Fault): void {
    this.#faults.add(fault);
  }

  /** Sends an event to the participants that may receive it; returns its id. */
  emit(event: LiveOutgoing, client: LiveClientConfig | undefined, only?: (who: Participant) => boolean): string {
    const { type, ...fields } = event;
    const id = this.#host.ids("event");
    const frame = { type, ...!WITHOUT_ID.has(type) && { event_id: id }, ...fields };
    let data: string | undefined;
    for (const who of this.#participants) {
      if (only && !only(who) || !maySee(who.kind, frame, client)) continue;
      this.#deliver(data ??= JSON.stringify(frame), who);
    }
    return id;
  }

  /** Sends an error to one participant. */
  refuse(who: Participant, { code, message, param, type }: ServerError, clientEventId: string | undefined): void {
    const name = clientEventId !== undefined && { client_event_id: clientEventId };
    const error = { type, code, message, param, ...name };
    this.#deliver(JSON.stringify({ type: "error", event_id: this.#host.ids("event"), error, ...name }), who);
  }

  /** Sends a raw frame to all participants. */
  send(frame: string): void {
    for (const who of this.#participants) this.#deliver(frame, who);
  }

  /** Ends all lines, with the given code or the usual one. */
  close(code: number | undefined, reason = ""): void {
    for (const { isGraceful, line } of this.#participants) {
      if (code === undefined && !isGraceful) line.close();
      else line.close(code ?? NORMAL_CLOSURE, reason);
    }
  }

  #deliver(data: string, { line }: Participant): void {
    this.#host.onFrame({ sessionId: this.#sessionId, from: "server", data });
    line.send(data);
  }
}
