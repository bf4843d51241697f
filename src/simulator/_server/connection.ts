// This module is browser compatible.
import { failureOf, ServerError, serverError } from "../_errors/server_error.ts";
import type { Socket } from "../../transport/socket.ts";
import { admit } from "./admission.ts";
import type { ClientRequest } from "./authentication.ts";
import { RunningSession } from "./running_session.ts";
import type { Service } from "./service.ts";
import { Outbox } from "../_session/outbox.ts";
import type { SessionSpec } from "../_session/session_spec.ts";
import type { ServerProfile } from "../server_profile.ts";
import type { SessionHost } from "./session_host.ts";

/** Close code of a server that failed. */
const INTERNAL_ERROR = 1011;

/** HTTP status of a request with an invalid key. */
const UNAUTHORIZED = 401;

/** Serves a connection once it is open. */
export type Serve = (socket: Socket) => void;

/**
 * Decides how a connection is served once it is open: with a session of its own, with that of a call, or with an error
 * and a close frame.
 *
 * @throws {ServerError} when it must not be opened at all.
 */
export function decideConnection(request: ClientRequest, { calls, host, policy }: Service): Serve {
  try {
    const admission = admit(request, policy);
    if ("spec" in admission) return (socket) => beginSession(socket, admission.spec, host);
    const call = calls.find(admission.callId);
    if (call.isOfSecret && !host.profile.allowsSidebandsOfSecrets) throw serverError("call_unknown_here");
    return (socket) => call.session.attach(socket);
  } catch (error) {
    if (!(error instanceof ServerError) || !error.close || isRefusedAtHandshake(error, host.profile)) throw error;
    const { code, reason } = error.close;
    return (socket) => refuse(socket, error, [code, reason], host);
  }
}

/** Some servers reject an invalid key before the WebSocket opens. */
function isRefusedAtHandshake({ status }: ServerError, { refusesKeysAt }: ServerProfile): boolean {
  return status === UNAUTHORIZED && refusesKeysAt === "handshake";
}

/** A session that cannot begin, as no model could be made for it, is the simulator's own failure. */
function beginSession(socket: Socket, spec: SessionSpec, host: SessionHost): void {
  let session: RunningSession;
  try {
    session = new RunningSession(spec, host);
  } catch (error) {
    return refuse(socket, failureOf(error), [INTERNAL_ERROR, ""], host);
  }
  session.attach(socket);
}

function refuse(
  socket: Socket,
  refusal: ServerError,
  [closeCode, reason]: readonly [number, string],
  { ids, onFrame, profile }: SessionHost,
): void {
  socket.listen({ message() {}, close() {} });
  new Outbox(ids, (data) => {
    onFrame({ sessionId: undefined, from: "server", data });
    socket.send(data);
  }, profile).emitError(refusal, null);
  socket.close(closeCode, reason);
}
