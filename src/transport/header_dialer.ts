// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import { ConnectionError } from "../errors.ts";
import { explainFailure } from "./_explain_failure.ts";
import type { Dial, DialRequest, Socket } from "./socket.ts";
import { fromWebSocket } from "./web_socket.ts";

/** What a {@linkcode createHeaderDialer} takes from its environment. */
export interface HeaderDialerOptions {
  /**
   * Constructor that takes `{ headers, protocols }` as its second argument.
   *
   * @default {globalThis.WebSocket}
   */
  WebSocket?: typeof globalThis.WebSocket | undefined;
  /**
   * Used once after a failed handshake, to learn the status and body that `WebSocket` keeps to itself.
   *
   * @default {globalThis.fetch}
   */
  fetch?: typeof globalThis.fetch | undefined;
  /**
   * Source of time for that request, which may take three seconds.
   *
   * @default {systemClock}
   */
  clock?: Clock | undefined;
}

/**
 * Makes the dialer for runtimes whose `WebSocket` takes headers: Deno ≥ 2.5, Bun, Node ≥ 22. Others throw a
 * `ConnectionError` of kind `configuration`.
 */
export function createHeaderDialer(options: HeaderDialerOptions = {}): Dial {
  return (request) => dialWithHeaders(request, options);
}

async function dialWithHeaders(request: DialRequest, options: HeaderDialerOptions): Promise<Socket> {
  const { signal } = request;
  signal.throwIfAborted();
  const webSocket = construct(request, options.WebSocket ?? globalThis.WebSocket);
  const socket = fromWebSocket(webSocket);
  const opened = Promise.withResolvers<string | undefined>();
  const abort = () => {
    opened.reject(signal.reason);
    socket.close();
  };
  signal.addEventListener("abort", abort, { once: true });
  webSocket.addEventListener("open", () => opened.resolve(undefined), { once: true });
  webSocket.addEventListener("error", (event) => opened.resolve(messageOf(event)), { once: true });
  webSocket.addEventListener("close", (event) => opened.resolve(`closed with code ${event.code}`), { once: true });
  try {
    const failure = await opened.promise;
    signal.throwIfAborted();
    if (failure === undefined) return socket;
    throw await explainFailure(request, failure, options);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function construct({ url, headers, protocols }: DialRequest, Constructor: typeof WebSocket): WebSocket {
  try {
    // The WHATWG constructor has no headers; Deno, Bun and Node take this object in place of the subprotocols.
    const init = { headers: Object.fromEntries(headers), protocols: [...protocols] };
    return new Constructor(url, init as unknown as string[]);
  } catch (cause) {
    throw new ConnectionError(
      `Cannot connect to ${url} as this runtime's WebSocket does not take headers: pass a dialer`,
      { kind: "configuration", url: `${url}`, cause },
    );
  }
}

function messageOf(event: Event): string {
  return "message" in event && typeof event.message === "string" ? event.message : "";
}
