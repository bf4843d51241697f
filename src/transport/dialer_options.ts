// This module is browser compatible.
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import type { Clock } from "../_internal/clock.ts";
import type { WebSocketClass } from "./web_socket_like.ts";

/**
 * Options of the dialers: what they otherwise take from the runtime.
 *
 * @category Transports
 */
export interface DialerOptions {
  /**
   * Class of the socket; the Workers dialer needs none. Another one than the runtime's is the way out where that is slow:
   * Deno's has no `TCP_NODELAY` and writes header and payload apart, so that a frame of more than about 1 kB arrives some
   * 40 ms late when the server sends, too. `WebSocket` of the package `ws` does not, and takes headers as Deno's does.
   *
   * @default {globalThis.WebSocket}
   */
  WebSocket?: WebSocketClass | undefined;
  /**
   * Makes the handshake of the Workers dialer. The others use it after a failed handshake, once (in a page twice), to
   * learn the status and body that `WebSocket` keeps to itself.
   *
   * @default {globalThis.fetch}
   */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /**
   * Source of time for learning why a handshake failed, which may take three seconds a request.
   *
   * @default {systemClock}
   */
  clock?: Clock | undefined;
}

const NAMES: OptionNames<DialerOptions> = { WebSocket: 1, clock: 1, fetch: 1 };

/** Refuses options that a dialer does not have; `own` has the names of its own. Throws {TypeError}. */
export function checkDialer(options: DialerOptions, own: Readonly<Record<string, unknown>> = {}): void {
  checkOptions("create the dialer", options, { ...NAMES, ...own });
}
