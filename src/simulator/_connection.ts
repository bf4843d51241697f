// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import type { IdGenerator } from "../_internal/ids.ts";
import type { CloseInfo } from "../errors.ts";
import type { Socket } from "../transport/socket.ts";
import { type AdmissionPolicy, AdmissionRefusal, admit, type ConnectionRequest } from "./_admission.ts";
import { Outbox } from "./_session/outbox.ts";
import type { Pace } from "./_session/pace.ts";
import { SessionMachine } from "./_session/session_machine.ts";
import type { CreateBrain } from "./brain.ts";
import type { SimulatedFrame, SimulatedSession } from "./simulated_session.ts";

/** What connections have in common. */
export interface SessionHost {
  /** Whom and what is let in. */
  readonly policy: AdmissionPolicy;
  /** Makes the mind of a session's model. */
  readonly createBrain: CreateBrain;
  /** Source of time. */
  readonly clock: Clock;
  /** How fast models work. */
  readonly pace: Pace;
  /** Makes identifiers. */
  readonly ids: IdGenerator;
  /** Unix time in milliseconds. */
  readonly unixTime: () => number;
  /** The sessions that are open. */
  readonly sessions: Set<SimulatedSession>;
  /** Is told of every frame. */
  readonly onFrame: (frame: SimulatedFrame) => void;
}

/** Answers a connection that is open: with a session, or with an error and a close frame. */
export function serveConnection(socket: Socket, request: ConnectionRequest, host: SessionHost): void {
  try {
    const { model } = admit(request, host.policy);
    serveSession(socket, model, host);
  } catch (error) {
    if (!(error instanceof AdmissionRefusal)) throw error;
    socket.listen({ message() {}, close() {} });
    new Outbox(host.ids, (data) => {
      host.onFrame({ sessionId: undefined, from: "server", data });
      socket.send(data);
    }).emitRefusal(error, null);
    socket.close(error.closeCode, error.closeReason);
  }
}

function serveSession(socket: Socket, model: string, host: SessionHost): void {
  const { clock, createBrain, ids, onFrame, pace, sessions, unixTime } = host;
  const send = (data: string) => {
    onFrame({ sessionId: session.id, from: "server", data });
    socket.send(data);
  };
  const machine = new SessionMachine({
    model,
    brain: createBrain(),
    clock,
    pace,
    ids,
    startsAt: unixTime(),
    send,
    close: (code, reason) => socket.close(code, reason),
  });
  const closed = Promise.withResolvers<CloseInfo>();
  const session: SimulatedSession = {
    get id() {
      return machine.session.id ?? "";
    },
    get session() {
      return machine.session;
    },
    get items() {
      return machine.conversation.entries.map((entry) => entry.item);
    },
    get activeResponseId() {
      return machine.responses.activeId;
    },
    audioMsOf: (itemId) => machine.conversation.find(itemId)?.audioMs ?? 0,
    send,
    close: (code, reason) => socket.close(code, reason),
    closed: closed.promise,
  };
  sessions.add(session);
  socket.listen({
    message: (data) => {
      onFrame({ sessionId: session.id, from: "client", data });
      machine.receive(data);
    },
    close: (info) => {
      machine.end();
      sessions.delete(session);
      closed.resolve(info);
    },
  });
  machine.start();
}
