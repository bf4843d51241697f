// This module is browser compatible.
import { ConnectionError } from "../errors.ts";
import { toRuntimeDialer } from "../transport/dialer.ts";
import type { DialerOptions } from "../transport/dialer_options.ts";
import type { Dial } from "../transport/mod.ts";

/**
 * Creates the dialer for the current runtime. Unlike the Realtime API, the Live API takes no key as a subprotocol, so
 * that a page, whose `WebSocket` has no headers, reaches only relays.
 */
export function toLiveDialer(options: DialerOptions): Dial {
  return toRuntimeDialer(options, ({ url }, { cause, message }) => {
    const why = "A page needs connectLiveRelay or connectLiveWebRtc: the Live API has no client secrets";
    throw new ConnectionError(`${message}. ${why}`, { kind: "configuration", url: `${url}`, cause });
  });
}
