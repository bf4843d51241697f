// This module is browser compatible.
import { onAbort, withTimeout } from "../_internal/timeout.ts";
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
  return async (request) =>
    await withTimeout(async (signal) => {
      // Not the signal of the request, whose abort would end the socket at any later time.
      const controller = new AbortController();
      onAbort(signal, () => controller.abort(signal.reason));
      const response = await upgrade(request, controller.signal, options);
      if (response.webSocket) return accept(response.webSocket);
      const error = await explainResponse(request, response, options);
      // The body may not have ended.
      controller.abort();
      throw error;
    }, { signal: request.signal, discard: (socket) => socket.close(1000) });
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
