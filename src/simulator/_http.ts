// This module is browser compatible.
import type { Socket } from "../transport/socket.ts";
import { type ConnectionRequest, isSessionAddress, protocolFor } from "./_admission.ts";
import { whenOpen } from "./_server_socket.ts";
import type { Upgrade } from "./upgrade.ts";

/** Answers an HTTP request; a WebSocket that it becomes is handed to `serve` once it is open. */
export function handleRequest(
  request: Request,
  upgrade: Upgrade | undefined,
  serve: (socket: Socket, connection: ConnectionRequest) => void,
): Promise<Response> {
  const url = new URL(request.url);
  if (!isSessionAddress(url)) return refuse(404, `Invalid URL (${request.method} ${url.pathname})`);
  if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
    return refuse(426, "This endpoint speaks WebSocket: send a request to upgrade");
  }
  if (!upgrade) return refuse(501, "Cannot upgrade to a WebSocket as the simulator was created without upgrade");
  const protocols = (request.headers.get("sec-websocket-protocol") ?? "").split(",").map((name) => name.trim());
  // Copied, as the headers cannot be read once the request has been upgraded.
  const connection = { url, headers: new Headers(request.headers), protocols };
  const { response, socket } = upgrade(request, { protocol: protocolFor(protocols) });
  whenOpen(socket, (opened) => serve(opened, connection));
  return Promise.resolve(response);
}

/** An error in the API's form. */
function refuse(status: number, message: string): Promise<Response> {
  const error = { message, type: "invalid_request_error", param: null, code: null };
  const headers = status === 426 ? { upgrade: "websocket" } : undefined;
  return Promise.resolve(Response.json({ error }, { status, ...headers && { headers } }));
}
