// This module is browser compatible.
import { cannotConnect } from "./_cannot_connect.ts";
import { openWebSocket } from "./_open_web_socket.ts";
import { isPageScope } from "./_page_scope.ts";
import { checkDialer, type DialerOptions } from "./dialer_options.ts";
import type { Dial, DialRequest } from "./socket.ts";

/** Headers that are sent as subprotocols. */
const CARRIED = /^(authorization|openai-organization|openai-project)$/;

/**
 * Options of {@linkcode createSubprotocolDialer}.
 *
 * @category Transports
 */
export interface SubprotocolDialerOptions extends DialerOptions {
  /**
   * Whether keys other than client secrets may be sent, for other kinds of servers. A key that begins with `sk-` is
   * rejected nevertheless where there is a window or a worker's scope.
   *
   * @default {false}
   */
  allowAnyKey?: boolean | undefined;
}

/**
 * Creates the dialer for browsers, and for other runtimes whose `WebSocket` accepts no headers: it offers the
 * subprotocol `realtime`, and sends key, organization and project as subprotocols, too. The key must be a client secret
 * (`ek_…`), which is minted by a server and expires soon.
 *
 * With another key, or a header that cannot be sent as a subprotocol, such as `OpenAI-Safety-Identifier`, it opens
 * nothing and rejects with a `ConnectionError` of kind `configuration`.
 *
 * @category Transports
 *
 * @throws {TypeError} when an option is unknown.
 */
export function createSubprotocolDialer(options: SubprotocolDialerOptions = {}): Dial {
  checkDialer(options, { allowAnyKey: 1 });
  return toSubprotocolDialer(options);
}

/** Creates the dialer for options that have been checked. */
export function toSubprotocolDialer(options: SubprotocolDialerOptions): Dial {
  return async (request) => {
    const init = subprotocolsOf(request, options.allowAnyKey ?? false);
    return await openWebSocket(request, { ...options, init, what: "subprotocols" });
  };
}

/** @throws {ConnectionError} when a value must not or cannot be sent as a subprotocol. */
function subprotocolsOf(request: DialRequest, allowAnyKey: boolean): string[] {
  const refusal = (why: string) => cannotConnect(request, why, { kind: "configuration" });
  const offered = new Set(["realtime", ...request.protocols]);
  for (const [name, value] of request.headers) {
    const text = value.replace(/^Bearer /, "");
    const isKey = name === "authorization";
    const mayBeSent = text.startsWith("ek_") || allowAnyKey && !(text.startsWith("sk-") && isPageScope());
    if (isKey && !mayBeSent) {
      throw refusal("a WebSocket without headers needs a client secret (ek_…) from your server, not an API key");
    }
    // The constructor's error would repeat an invalid subprotocol, and so the key.
    if (!CARRIED.test(name) || !/^[\w!#$%&'*+.^`|~-]+$/.test(text)) {
      throw refusal(`no subprotocol can carry the header ${name}`);
    }
    offered.add(`${isKey ? "openai-insecure-api-key" : name}.${text}`);
  }
  return [...offered];
}
