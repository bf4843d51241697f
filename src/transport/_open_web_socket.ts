// This module is browser compatible.
import { onAbort, withTimeout } from "../_internal/timeout.ts";
import { stringAt } from "../_internal/wire.ts";
import { cannotConnect } from "./_cannot_connect.ts";
import { explainFailure } from "./_explain_failure.ts";
import type { DialerOptions } from "./dialer_options.ts";
import type { DialRequest, Socket } from "./socket.ts";
import { fromWebSocket } from "./web_socket.ts";

/** Options of {@linkcode openWebSocket}. */
interface OpenWebSocketOptions extends DialerOptions {
  /** Second argument of the constructor. */
  init: string[];
  /** Description of that argument. */
  what: string;
}

/** Constructs a `WebSocket` and waits until it is open. Closes it when the signal is aborted first. */
export async function openWebSocket(request: DialRequest, options: OpenWebSocketOptions): Promise<Socket> {
  return await withTimeout(async (signal) => {
    const webSocket = construct(request, options);
    const socket = fromWebSocket(webSocket);
    const opened = Promise.withResolvers<string | undefined>();
    onAbort(signal, () => socket.close());
    webSocket.addEventListener("open", () => opened.resolve(undefined));
    webSocket.addEventListener("error", (event) => opened.resolve(stringAt(event, "message") ?? ""));
    webSocket.addEventListener("close", (event) => opened.resolve(`closed with code ${event.code}`));
    const failure = await opened.promise;
    if (failure === undefined) return socket;
    throw await explainFailure(request, failure, options);
  }, { signal: request.signal });
}

function construct(request: DialRequest, { WebSocket = globalThis.WebSocket, init, what }: OpenWebSocketOptions) {
  try {
    return new WebSocket(request.url, init);
  } catch (cause) {
    throw cannotConnect(request, `this runtime's WebSocket cannot be constructed with ${what}`, {
      kind: "configuration",
      cause,
    });
  }
}
