// This module is browser compatible.
import { ConnectionError } from "../errors.ts";
import { checkDialer, type DialerOptions } from "./dialer_options.ts";
import { toHeaderDialer } from "./header_dialer.ts";
import type { Dial, DialRequest, Socket } from "./socket.ts";
import { toSubprotocolDialer } from "./subprotocol_dialer.ts";
import { toWorkersDialer } from "./workers_dialer.ts";

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

/**
 * Creates the dialer for the current runtime, by feature detection; `without` dials where `WebSocket` has no headers, and
 * receives the error about that.
 */
export function toRuntimeDialer(
  options: DialerOptions,
  without: (request: DialRequest, error: ConnectionError) => Promise<Socket>,
): Dial {
  if ("WebSocketPair" in globalThis) return toWorkersDialer(options);
  const dialWithHeaders = toHeaderDialer(options);
  return async (request) => {
    try {
      return await dialWithHeaders(request);
    } catch (error) {
      // The constructor of browsers interprets the object as a subprotocol, whose syntax is invalid.
      const isAboutHeaders = error instanceof ConnectionError &&
        (error.cause as Error | undefined)?.name === "SyntaxError";
      if (isAboutHeaders) return await without(request, error);
      throw error;
    }
  };
}
