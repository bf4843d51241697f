// This module is browser compatible.
import { ConnectionError } from "../errors.ts";
import type { DialerOptions } from "../transport/dialer_options.ts";
import { isAboutHeaders, toHeaderDialer } from "../transport/header_dialer.ts";
import type { Dial } from "../transport/mod.ts";
import { toWorkersDialer } from "../transport/workers_dialer.ts";

/**
 * Creates the dialer for the current runtime. Unlike the Realtime API, the Live API takes no key as a subprotocol, so
 * that a page, whose `WebSocket` has no headers, reaches only relays.
 */
export function toLiveDialer(options: DialerOptions): Dial {
  if ("WebSocketPair" in globalThis) return toWorkersDialer(options);
  const dial = toHeaderDialer(options);
  return async (request) => {
    try {
      return await dial(request);
    } catch (error) {
      if (!isAboutHeaders(error)) throw error;
      throw new ConnectionError(
        `${error.message}. A page needs connectLiveRelay or connectLiveWebRtc: the Live API has no client secrets`,
        { kind: "configuration", url: `${request.url}`, cause: error.cause },
      );
    }
  };
}
