// This module is browser compatible.
import { assertFunction } from "./_assert_function.ts";
import type { ServerWebSocket, Upgrade } from "./upgrade.ts";

/**
 * The members of one end of a `WebSocketPair` that are used.
 *
 * @category Simulator
 */
export interface WorkersWebSocket extends ServerWebSocket {
  /** Starts delivering events. */
  accept(): void;
}

/**
 * The class `WebSocketPair` of Cloudflare Workers: two ends, the first of which goes to the client.
 *
 * @category Simulator
 */
export type WorkersWebSocketPair = new () => { readonly 0: WorkersWebSocket; readonly 1: WorkersWebSocket };

/**
 * Creates the {@linkcode Upgrade} of Cloudflare Workers. The sockets of a call belong to several requests, which
 * Workers isolate: a simulator with calls must live in a Durable Object.
 *
 * @category Simulator
 *
 * @param WebSocketPair the global of that name.
 * @throws {TypeError} when it is not a class.
 *
 * @example Serving the simulator
 * ```ts ignore
 * import { createSimulator, workersUpgrade } from "@oai-rt/edge/simulator";
 *
 * const simulator = createSimulator({ upgrade: workersUpgrade(WebSocketPair) });
 * export default { fetch: simulator.fetch };
 * ```
 */
export function workersUpgrade(WebSocketPair: WorkersWebSocketPair): Upgrade {
  assertFunction("WebSocketPair", WebSocketPair);
  return (_request, { protocol }) => {
    const { 0: webSocket, 1: socket } = new WebSocketPair();
    socket.accept();
    // A member that only Workers know.
    const init: ResponseInit & { readonly webSocket: WorkersWebSocket } = { status: 101, webSocket };
    if (protocol !== undefined) init.headers = { "sec-websocket-protocol": protocol };
    return { response: new Response(null, init), socket };
  };
}
