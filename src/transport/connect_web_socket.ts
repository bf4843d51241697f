// This module is browser compatible.
import { checkApiTarget } from "../_internal/api_target.ts";
import { assertRuntime } from "../_internal/assert_runtime.ts";
import { realtimeCodec } from "../protocol/mod.ts";
import type { DialOptions } from "./dial_options.ts";
import { openTransport } from "./dial_transport.ts";
import { toDialer } from "./dialer.ts";
import { type TargetOptions, toRealtimeUrl, WEB_SOCKET_NAMES } from "./target.ts";
import type { Transport } from "./transport.ts";

/**
 * Options of {@linkcode connectWebSocket}.
 *
 * @category Transports
 */
export interface ConnectWebSocketOptions extends TargetOptions, DialOptions {}

/**
 * Opens a WebSocket to the Realtime API and speaks the protocol over it, without session logic: events out, events in.
 * Resolves when the handshake is done; the server's events from then on are in {@linkcode Transport.events}. With a
 * `callId` the transport is `shared`, and its `playback` is the server's.
 *
 * @category Transports
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
 * @throws {TypeError} when an option is unknown, or options contradict each other.
 * @throws {RangeError} when `timeoutMs` is negative.
 * @throws {ConnectionError} when there is no key, the host cannot be reached or the handshake is refused.
 * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` on a timeout.
 */
export async function connectWebSocket(options: ConnectWebSocketOptions): Promise<Transport> {
  assertRuntime();
  checkApiTarget("connect", options, WEB_SOCKET_NAMES);
  return await openWebSocketTransport(options);
}

/** Opens the WebSocket for options that have been checked. */
export async function openWebSocketTransport(options: ConnectWebSocketOptions): Promise<Transport> {
  // The side that opened the call plays its audio, and may also control it.
  const call = options.callId === undefined ? {} : { playback: "server", shared: true } as const;
  return await openTransport(toRealtimeUrl(options), { ...options, ...call, codec: realtimeCodec }, toDialer);
}
