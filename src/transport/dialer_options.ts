// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";

/** What the dialers take from their environment. */
export interface DialerOptions {
  /**
   * Constructor of the socket; the Workers dialer needs none.
   *
   * @default {globalThis.WebSocket}
   */
  WebSocket?: typeof globalThis.WebSocket | undefined;
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
