// This module is browser compatible.
import { ServerError } from "../_errors/server_error.ts";
import { ConnectionError } from "../../errors.ts";
import { createMemorySocketPair } from "../../transport/memory.ts";
import type { Socket } from "../../transport/socket.ts";
import { apiPath } from "./api_path.ts";
import type { ClientRequest } from "./authentication.ts";
import { decideConnection, type Serve } from "./connection.ts";
import type { Service } from "./service.ts";
import { decideLiveConnection, isLivePath } from "../_live/service/live_sockets.ts";

/**
 * Connects a client in memory.
 *
 * @returns the client's end.
 * @throws {ConnectionError} when the handshake is refused, or the simulator is closed.
 */
export function connectInMemory(request: ClientRequest, service: Service): Socket {
  const url = request.url.href;
  if (service.isClosed()) {
    throw new ConnectionError(`Cannot connect to ${url} as the simulator is closed`, { kind: "unreachable", url });
  }
  const serve = decide(request, service);
  const [client, server] = createMemorySocketPair();
  serve(server);
  return client;
}

function decide(request: ClientRequest, service: Service): Serve {
  const isLive = isLivePath(request.url);
  if (!isLive && !/^\/realtime(?:\/translations)?$/.test(apiPath(request.url) ?? "")) {
    const paths = "/v1/realtime, /v1/realtime/translations and /v1/live/sessions";
    throw refused(request.url, 404, `the simulator serves ${paths} only`);
  }
  try {
    return isLive ? decideLiveConnection(request, service) : decideConnection(request, service);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    const { message, status } = error;
    throw refused(request.url, status, `the handshake was refused with status ${status}: ${message}`);
  }
}

function refused({ href: url }: URL, status: number, why: string): ConnectionError {
  return new ConnectionError(`Cannot connect to ${url} as ${why}`, { kind: "refused", url, status });
}
