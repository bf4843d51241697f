// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import { onAbort } from "../../_internal/timeout.ts";
import { ConnectionError } from "../../errors.ts";
import type { Socket } from "../../transport/socket.ts";
import { fromWebSocket } from "../../transport/web_socket.ts";
import { routeOf } from "../_app_route.ts";
import type { RelayConnectionState } from "../relay_connection_state.ts";
import { ResumingSocket } from "./resuming_socket.ts";

/** Dependencies of a socket to a relay. */
export interface RelaySocketOptions {
  readonly clock: Clock;
  readonly onConnection?: ((state: RelayConnectionState) => void) | undefined;
  readonly WebSocket?: typeof globalThis.WebSocket | undefined;
}

/**
 * Address of a relay of the edge app that is mounted at `url`.
 *
 * @throws {TypeError} when it is not a valid URL.
 */
export function relayAddress(url: string | URL, route: "relay" | "live/relay"): URL {
  const address = new URL(routeOf(url, route));
  address.protocol = address.protocol.replace(/^http/, "ws");
  return address;
}

/** Opens a socket to a relay, which reconnects when its connection breaks. */
export async function openRelaySocket(
  address: URL,
  signal: AbortSignal,
  options: RelaySocketOptions,
): Promise<ResumingSocket> {
  return await ResumingSocket.open({
    open: (query, signal) => openRelay(withQuery(address, query), signal, options),
    clock: options.clock,
    onConnection: (state) => options.onConnection?.(state),
  }, signal);
}

function withQuery(address: URL, query: Readonly<Record<string, string>>): URL {
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

/** Opens the socket. The browser does not tell a page why it was refused. */
async function openRelay(
  address: URL,
  signal: AbortSignal,
  { WebSocket = globalThis.WebSocket }: RelaySocketOptions,
): Promise<Socket> {
  const webSocket = new WebSocket(address);
  const socket = fromWebSocket(webSocket);
  const { promise, reject, resolve } = Promise.withResolvers<void>();
  const stopListening = onAbort(signal, () => {
    reject(signal.reason);
    socket.close();
  });
  webSocket.addEventListener("open", () => resolve(), { once: true });
  const refuse = ({ code = 1006 }: { readonly code?: number }) => {
    const message =
      `Cannot connect to ${address} as the relay did not accept the connection: perhaps the app rejects this user, has reached a limit, or cannot be reached`;
    const close = { code, reason: "", clean: false };
    reject(new ConnectionError(message, { kind: "unreachable", url: address.href, close }));
  };
  webSocket.addEventListener("close", refuse, { once: true });
  // Node 22 sends no `close` after a failed handshake.
  webSocket.addEventListener("error", () => refuse({}), { once: true });
  try {
    await promise;
    return socket;
  } finally {
    stopListening();
  }
}
