// This module is browser compatible.
import { openWebSocket } from "./_open_web_socket.ts";
import { checkDialer, type DialerOptions } from "./dialer_options.ts";
import type { Dial } from "./socket.ts";

/**
 * Creates the dialer for runtimes whose `WebSocket` accepts headers: Deno ≥ 2.5, Bun, Node ≥ 22. In others it rejects
 * with a `ConnectionError` of kind `configuration` whose cause is the constructor's `SyntaxError`, unless there are none.
 *
 * @category Transports
 *
 * @throws {TypeError} when an option is unknown.
 */
export function createHeaderDialer(options: DialerOptions = {}): Dial {
  checkDialer(options);
  return toHeaderDialer(options);
}

/** Creates the dialer for options that have been checked. */
export function toHeaderDialer(options: DialerOptions): Dial {
  return async (request) => {
    const { headers, protocols } = request;
    // The WHATWG constructor has no headers; Deno, Bun and Node accept this object in place of the subprotocols.
    const init: unknown = [...headers][0] ? { headers: Object.fromEntries(headers), protocols } : protocols;
    return await openWebSocket(request, { ...options, init: init as string[], what: "headers" });
  };
}
