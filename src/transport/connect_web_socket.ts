// This module is browser compatible.
import { type Clock, systemClock } from "../_internal/clock.ts";
import { withTimeout } from "../_internal/timeout.ts";
import { createDialer } from "./dialer.ts";
import type { Dial } from "./socket.ts";
import { createTransport } from "./socket_transport.ts";
import { realtimeHeaders, realtimeUrl, type TargetOptions } from "./target.ts";
import type { Transport } from "./transport.ts";

/** How long {@linkcode connectWebSocket} waits unless told otherwise, in milliseconds. */
export const DEFAULT_CONNECT_TIMEOUT_MS = 15_000;

/** Options of {@linkcode connectWebSocket}. */
export interface ConnectWebSocketOptions extends TargetOptions {
  /**
   * Opens the socket. By default it does so as the runtime can, see {@linkcode createDialer}: in a page the key has to be
   * a client secret then.
   *
   * @default {createDialer()}
   */
  dial?: Dial | undefined;
  /** Gives up when aborted: the connection attempt ends and the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * How long the attempt may take, in milliseconds, at least 0; then it rejects with a `TimeoutError`.
   *
   * @default {15000}
   */
  timeoutMs?: number | undefined;
  /**
   * Source of time.
   *
   * @default {systemClock}
   */
  clock?: Clock | undefined;
}

/**
 * Opens a WebSocket to the Realtime API and speaks the protocol over it, with no session logic: events out, events in.
 * Resolves when the handshake is done; what the server sends from then on is in {@linkcode Transport.events}.
 *
 * @example Reading events of a server
 * ```ts
 * import { connectWebSocket } from "@oai-rt/edge";
 * import { createSimulator } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * const simulator = createSimulator();
 * await using transport = await connectWebSocket({ apiKey: "sk-test", dial: simulator.dial });
 * for await (const event of transport.events) {
 *   assertEquals(event.type, "session.created");
 *   break;
 * }
 * ```
 *
 * @throws {TypeError} when the options contradict each other.
 * @throws {RangeError} when `timeoutMs` is negative.
 * @throws {ConnectionError} when there is no key, the host cannot be reached or the handshake is refused.
 * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` when the time is out.
 */
export async function connectWebSocket(options: ConnectWebSocketOptions): Promise<Transport> {
  const url = realtimeUrl(options);
  const { clock = systemClock, dial = createDialer({ clock }) } = options;
  return await withTimeout(async (signal) => {
    const headers = await realtimeHeaders(options);
    signal.throwIfAborted();
    const socket = await dial({ url, headers, protocols: [], signal });
    if (signal.aborted) socket.close(1000);
    signal.throwIfAborted();
    return createTransport(socket, { url: `${url}`, clock });
  }, {
    what: `connect to ${url}`,
    signal: options.signal,
    timeoutMs: options.timeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    clock,
  });
}
