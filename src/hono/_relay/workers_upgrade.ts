import { defineWebSocketHelper, type UpgradeWebSocket, WSContext, type WSReadyState } from "hono/ws";

/** One end of a `WebSocketPair`. */
type WorkersWebSocket = WebSocket & { accept(): void };

/** The global object of Cloudflare Workers, absent in other runtimes. */
interface WorkersGlobal {
  readonly WebSocketPair?: new () => { readonly 0: WorkersWebSocket; readonly 1: WorkersWebSocket };
}

/** Whether this is Cloudflare Workers, where connections opened by one request cannot be used by another. */
export function isWorkers(): boolean {
  return (globalThis as WorkersGlobal).WebSocketPair !== undefined;
}

/**
 * An upgrade that replaces Hono's on Workers; `undefined` elsewhere. Hono's never reports that the socket is open, so
 * that nothing can be sent before the page has sent something, and does not select a subprotocol.
 */
export function workersUpgrade(): UpgradeWebSocket | undefined {
  const { WebSocketPair } = globalThis as WorkersGlobal;
  return WebSocketPair && defineWebSocketHelper((c, events) => {
    const { 0: page, 1: socket } = new WebSocketPair();
    const protocol = c.req.header("sec-websocket-protocol")?.split(",")[0]?.trim();
    const webSocket = new WSContext({
      raw: socket,
      send: (data) => socket.send(data),
      close: (code, reason) => socket.close(code, reason),
      readyState: socket.readyState as WSReadyState,
      protocol: protocol ?? "",
    });
    socket.addEventListener("message", (event) => events.onMessage?.(event, webSocket));
    socket.addEventListener("close", (event) => events.onClose?.(event, webSocket));
    socket.addEventListener("error", (event) => events.onError?.(event, webSocket));
    socket.accept();
    events.onOpen?.(new Event("open"), webSocket);
    // A member that exists only on Workers.
    const init: ResponseInit & { readonly webSocket: WorkersWebSocket } = { status: 101, webSocket: page };
    if (protocol !== undefined) init.headers = { "Sec-WebSocket-Protocol": protocol };
    return new Response(null, init);
  });
}
