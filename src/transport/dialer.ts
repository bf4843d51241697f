// This module is browser compatible.
import { ConnectionError } from "../errors.ts";
import type { DialerOptions } from "./dialer_options.ts";
import { createHeaderDialer } from "./header_dialer.ts";
import type { Dial } from "./socket.ts";
import { createSubprotocolDialer } from "./subprotocol_dialer.ts";
import { createWorkersDialer } from "./workers_dialer.ts";

/**
 * Makes the dialer that suits the runtime, by what it has: {@linkcode createWorkersDialer} on Cloudflare Workers,
 * {@linkcode createHeaderDialer} where `WebSocket` takes headers, else {@linkcode createSubprotocolDialer}.
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
 */
export function createDialer(options: DialerOptions = {}): Dial {
  if ("WebSocketPair" in globalThis) return createWorkersDialer(options);
  const dialWithHeaders = createHeaderDialer(options);
  return async (request) => {
    try {
      return await dialWithHeaders(request);
    } catch (error) {
      if (!isAboutHeaders(error)) throw error;
      return await createSubprotocolDialer(options)(request);
    }
  };
}

/** The constructor of browsers makes a subprotocol of what holds the headers, which is none by its syntax. */
function isAboutHeaders(error: unknown): boolean {
  return error instanceof ConnectionError && error.cause instanceof Error && error.cause.name === "SyntaxError";
}
