// This module is browser compatible.
import type { Socket } from "../../../transport/socket.ts";
import { apiPath, decodeId } from "../../_server/api_path.ts";
import { authenticateOwner, type ClientRequest } from "../../_server/authentication.ts";
import { ServerError } from "../../_errors/server_error.ts";
import type { Service } from "../../_server/service.ts";

const SOCKET_PATH = /^\/live\/sessions(?:\/([^/]+)\/(attach|fork))?$/;

/** Whether an address is below that of the Live API. */
export function isLivePath(url: URL): boolean {
  return apiPath(url)?.startsWith("/live/") ?? false;
}

/**
 * Decides how a connection to the Live API is served once it is open.
 *
 * @throws {ServerError} when it must not be opened: rejections by the real server are unknown, so those of HTTP are
 * used.
 */
export function decideLiveConnection(request: ClientRequest, { live, policy }: Service): (socket: Socket) => void {
  // Unlike Realtime, Live takes no key as a subprotocol.
  authenticateOwner({ ...request, protocols: [] }, policy);
  const { url } = request;
  const [path, id, verb] = SOCKET_PATH.exec(apiPath(url) ?? "") ?? [];
  if (path === undefined) {
    throw new ServerError(`Invalid URL (GET ${url.pathname})`, { status: 404, code: null });
  }
  if (id === undefined) return (socket) => live.open("socket", { url }).attach(socket);
  if (verb === "fork") {
    const { session: source } = live.findStored(decodeId(id));
    return (socket) => live.open("socket", { url, source }).attach(socket);
  }
  const session = live.find(decodeId(id));
  return (socket) => session.join(socket, url.searchParams.get("graceful_close") === "true");
}
