// This module is browser compatible.
import { apiHeaders, type ApiTarget, checkApiTarget, keysIn } from "../_internal/api_target.ts";
import { systemClock } from "../_internal/clock.ts";
import { secretStripper, withoutSecrets } from "../_internal/strip_secrets.ts";
import { DEFAULT_CONNECT_TIMEOUT_MS, withTimeout } from "../_internal/timeout.ts";
import type { Codec } from "../protocol/mod.ts";
import { SocketTransport } from "./_socket_transport.ts";
import type { DialOptions } from "./dial_options.ts";
import { toDialer } from "./dialer.ts";
import type { DialerOptions } from "./dialer_options.ts";
import type { Dial } from "./socket.ts";
import { WEB_SOCKET_NAMES } from "./target.ts";
import type { Transport } from "./transport.ts";
import type { TransportOptions } from "./transport_options.ts";

/**
 * Options of {@linkcode dialTransport}. Options that only determine the address, such as `model`, have no effect.
 *
 * @category Transports
 */
export interface DialTransportOptions<Out, In>
  extends ApiTarget, DialOptions, Pick<TransportOptions<Out, In>, "playback" | "shared"> {
  /** Writes and reads the frames. It is required, so that a program bundles only this one. */
  codec: Codec<Out, In>;
}

/**
 * Opens a WebSocket to an address and speaks a protocol over it, without session logic: events out, events in. Most
 * callers want {@linkcode connectWebSocket}; this one is for other codecs.
 *
 * The credential is sent in a header only. Where the other side repeats it, in a rejection, an event or a close reason,
 * it is replaced by `[API key]`.
 *
 * @category Transports
 *
 * @example A page that must be small, and leaves the checks to the server
 * ```ts
 * import { dialTransport, realtimeUrl } from "@oai-rt/edge/transport";
 * import { uncheckedRealtimeCodec } from "@oai-rt/edge/protocol";
 * import { createSimulator } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * const options = { apiKey: "sk-test", dial: createSimulator().dial };
 * await using transport = await dialTransport(realtimeUrl(options), { ...options, codec: uncheckedRealtimeCodec });
 * const { value: event } = await transport.events.getReader().read();
 * assertEquals(event?.type, "session.created");
 * ```
 *
 * @throws {TypeError} when an option is unknown.
 * @throws {RangeError} when `timeoutMs` is negative.
 * @throws {ConnectionError} when there is no key, the host cannot be reached or the handshake is refused.
 * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` on a timeout.
 */
export async function dialTransport<
  Out extends { readonly type: string },
  In extends { readonly type: string },
>(url: URL, options: DialTransportOptions<Out, In>): Promise<Transport<Out, In>> {
  checkApiTarget("connect", options, { ...WEB_SOCKET_NAMES, codec: 1, playback: 1, shared: 1 });
  return await openTransport(url, options, toDialer);
}

/** Opens a transport with options that have been checked; `toDial` creates the default dialer. */
export async function openTransport<
  Out extends { readonly type: string },
  In extends { readonly type: string },
>(
  url: URL,
  options: DialTransportOptions<Out, In>,
  toDial: (options: DialerOptions) => Dial,
): Promise<Transport<Out, In>> {
  const { clock = systemClock, codec, playback, shared, timeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = options;
  return await withTimeout(async (signal) => {
    const headers = new Headers(await apiHeaders(options, "connect"));
    signal.throwIfAborted();
    const secrets = keysIn(headers);
    const dial = options.dial ?? toDial({ clock });
    try {
      const socket = await dial({ url, headers, protocols: [], signal });
      return new SocketTransport(socket, codec, { url: `${url}`, clock, playback, shared, secrets });
    } catch (error) {
      throw withoutSecrets(error, secretStripper(secrets));
    }
  }, {
    what: `connect to ${url}`,
    signal: options.signal,
    timeoutMs,
    clock,
    discard: (transport) => void transport.close(1000),
  });
}
