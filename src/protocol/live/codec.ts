// This module is browser compatible.
import { checkOptions } from "../../_internal/check_options.ts";
import { textOf } from "../_parse_frame.ts";
import { STRINGIFY_NAMES } from "../_stringify_event.ts";
import type { Codec } from "../codec.ts";
import type { LiveClientEvent, LiveForkClientEvent, LiveSidebandClientEvent } from "./client_event.ts";
import type { LiveConnection } from "./connection.ts";
import { type LiveIncomingEvent, parseLiveServerEvent } from "./parse_server_event.ts";
import { stringifyLiveClientEvent } from "./stringify_client_event.ts";

function codecOf<Out extends LiveClientEvent | LiveSidebandClientEvent | LiveForkClientEvent>(
  connection: LiveConnection,
): Codec<Out, LiveIncomingEvent> {
  return {
    stringify: (event, options = {}) => {
      checkOptions("send an event", options, STRINGIFY_NAMES);
      return stringifyLiveClientEvent(event, { ...options, connection });
    },
    read: (frame) => parseLiveServerEvent(textOf(frame)),
  };
}

/**
 * Codec of the socket that starts a session.
 *
 * @category Live
 */
export const liveCodec: Codec<LiveClientEvent, LiveIncomingEvent> = /* @__PURE__ */ codecOf("primary");

/**
 * Codec of a socket that joins a running session.
 *
 * @category Live
 */
export const liveSidebandCodec: Codec<LiveSidebandClientEvent, LiveIncomingEvent> = /* @__PURE__ */ codecOf("sideband");

/**
 * Codec of a socket that starts a session which continues a stored one.
 *
 * @category Live
 */
export const liveForkCodec: Codec<LiveForkClientEvent, LiveIncomingEvent> = /* @__PURE__ */ codecOf("fork");
