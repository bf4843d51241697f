// This module is browser compatible.
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { aClock, aFunction } from "../_internal/option_kinds.ts";
import type { Clock } from "../_internal/clock.ts";
import type { WebSocketClass } from "./web_socket_like.ts";

/**
 * Options of the dialers; they replace features of the runtime.
 *
 * @category Transports
 */
export interface DialerOptions {
  /**
   * Class of the socket; the Workers dialer needs none. Pass another class where the runtime's is slow: Deno's has no
   * `TCP_NODELAY` and writes header and payload separately, so that a frame of more than about 1 kB arrives about 40 ms
   * late while the server sends, too. `WebSocket` of the package `ws` has no such delay, and accepts headers as Deno's
   * does.
   *
   * @default {globalThis.WebSocket}
   */
  WebSocket?: WebSocketClass | undefined;
  /**
   * Performs the handshake of the Workers dialer. The others use it after a failed handshake, once (in a page twice),
   * to learn the status and body that `WebSocket` hides.
   *
   * @default {globalThis.fetch}
   */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /**
   * Source of time for the diagnosis of a failed handshake, which may take three seconds per request.
   *
   * @default {systemClock}
   */
  clock?: Clock | undefined;
}

const NAMES: OptionNames<DialerOptions> = { WebSocket: aFunction, clock: aClock, fetch: aFunction };

/** Rejects unknown options; `own` has additional names. Throws {TypeError}. */
export function checkDialer(options: DialerOptions, own: Readonly<Record<string, unknown>> = {}): void {
  checkOptions("create the dialer", options, { ...NAMES, ...own });
}
