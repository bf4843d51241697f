// This module is browser compatible.
import { assertRuntime } from "../_internal/assert_runtime.ts";
import { checkRequiredOptions } from "../_internal/check_options.ts";
import { realtimeCodec } from "../protocol/mod.ts";
import { type DialOptions, dialTransport } from "./dial_transport.ts";
import { realtimeUrl, type TargetOptions } from "./target.ts";
import type { Transport } from "./transport.ts";

/**
 * Options of {@linkcode connectWebSocket}.
 *
 * @category Transports
 */
export interface ConnectWebSocketOptions extends TargetOptions, DialOptions {}

/**
 * Opens a WebSocket to the Realtime API and speaks the protocol over it, with no session logic: events out, events in.
 * Resolves when the handshake is done; what the server sends from then on is in {@linkcode Transport.events}. With a
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
 * @throws {TypeError} when the options contradict each other.
 * @throws {RangeError} when `timeoutMs` is negative.
 * @throws {ConnectionError} when there is no key, the host cannot be reached or the handshake is refused.
 * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` when the time is out.
 */
export async function connectWebSocket(options: ConnectWebSocketOptions): Promise<Transport> {
  assertRuntime();
  checkRequiredOptions("connect", options, { ...options });
  // Whoever has opened the call hears and steers it, too.
  const call = options.callId === undefined ? {} : { playback: "server", shared: true } as const;
  return await dialTransport(realtimeUrl(options), { ...options, ...call, codec: realtimeCodec });
}
