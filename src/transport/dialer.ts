// This module is browser compatible.
import { checkDialer, type DialerOptions } from "./dialer_options.ts";
import { toRuntimeDialer } from "./runtime_dialer.ts";
import type { Dial } from "./socket.ts";
import { toSubprotocolDialer } from "./subprotocol_dialer.ts";

/**
 * Creates the dialer for the current runtime, by feature detection: `createWorkersDialer` on Cloudflare Workers,
 * `createHeaderDialer` where `WebSocket` accepts headers, else `createSubprotocolDialer`.
 *
 * @category Transports
 *
 * @example Another WebSocket, which sends audio without delay on Deno
 * ```ts
 * import { createDialer } from "@oai-rt/edge";
 * import { WebSocket } from "ws"; // npm:ws
 *
 * const dial = createDialer({ WebSocket });
 * // connect({ apiKey, dial })
 * ```
 *
 * @throws {TypeError} when an option is unknown.
 */
export function createDialer(options: DialerOptions = {}): Dial {
  checkDialer(options);
  return toDialer(options);
}

/** Creates the dialer for options that have been checked. */
export function toDialer(options: DialerOptions): Dial {
  return toRuntimeDialer(options, toSubprotocolDialer(options));
}
