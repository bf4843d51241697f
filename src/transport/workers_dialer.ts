// This module is browser compatible.
import { onAbort } from "../_internal/timeout.ts";
import { explainResponse, httpAddress, unreachable } from "./_explain_failure.ts";
import { checkDialer, type DialerOptions } from "./dialer_options.ts";
import type { Dial, DialRequest, Socket } from "./socket.ts";
import { fromWebSocket } from "./web_socket.ts";

/** A WebSocket of Cloudflare Workers. */
type WorkersWebSocket = WebSocket & { accept(): void };

/**
 * Creates the dialer for Cloudflare Workers, where `fetch` upgrades to a WebSocket: it sends headers, and learns status
 * and body of a rejection. A socket belongs to the request in which it was opened, and ends with it.
 *
 * @category Transports
 *
 * @throws {TypeError} when an option is unknown.
 */
export function createWorkersDialer(options: DialerOptions = {}): Dial {
  checkDialer(options);
  return toWorkersDialer(options);
}

/** Creates the dialer for options that have been checked. */
export function toWorkersDialer(options: DialerOptions): Dial {
  return (request) => dialByFetch(request, options);
}

async function dialByFetch(request: DialRequest, options: DialerOptions): Promise<Socket> {
  const { signal } = request;
  signal.throwIfAborted();
  // A separate signal, as an abort of the signal passed to fetch() ends the socket at any later time.
  const controller = new AbortController();
  const stopListening = onAbort(signal, () => controller.abort(signal.reason));
  try {
    const response = await upgrade(request, controller.signal, options);
    if (!response.webSocket) throw await explainResponse(request, response, options);
    const socket = accept(response.webSocket);
    if (signal.aborted) socket.close(1000);
    signal.throwIfAborted();
    return socket;
  } catch (error) {
    controller.abort();
    throw error;
  } finally {
    stopListening();
  }
}

async function upgrade(
  request: DialRequest,
  signal: AbortSignal,
  { fetch = globalThis.fetch }: DialerOptions,
): Promise<Response & { readonly webSocket?: WorkersWebSocket | null }> {
  const headers = new Headers(request.headers);
  headers.set("Upgrade", "websocket");
  if (request.protocols.length > 0) headers.set("Sec-WebSocket-Protocol", request.protocols.join(", "));
  try {
    return await fetch(httpAddress(request), { headers, redirect: "manual", signal });
  } catch (error) {
    signal.throwIfAborted();
    throw unreachable(request, error);
  }
}

function accept(webSocket: WorkersWebSocket): Socket {
  // Frames between accept() and the first listener would be lost.
  const socket = fromWebSocket(webSocket);
  // With an old compatibility date a close frame goes unanswered; with any date, some ends are reported as an error
  // only.
  webSocket.addEventListener("close", () => webSocket.close());
  webSocket.addEventListener("error", () => webSocket.dispatchEvent(new CloseEvent("close", { code: 1006 })));
  webSocket.accept();
  return socket;
}
