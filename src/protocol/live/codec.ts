// This module is browser compatible.
import type * as v from "valibot";
import { checkOptions } from "../../_internal/check_options.ts";
import { decodeFrame } from "../../_internal/text/decode_frame.ts";
import { issuesOf } from "../_schemas/issues.ts";
import { STRINGIFY_NAMES, stringifyEvent } from "../_stringify_event.ts";
import type { Codec } from "../codec.ts";
import type { LiveClientEvent, LiveForkClientEvent, LiveSidebandClientEvent } from "./client_event.ts";
import { type LiveIncomingEvent, parseLiveServerEvent } from "./parse_server_event.ts";
import { LiveForkSchema, LivePrimarySchema, LiveSidebandSchema } from "./_schemas/outgoing.ts";

function codecOf<Out extends LiveClientEvent | LiveSidebandClientEvent | LiveForkClientEvent>(
  schema: v.GenericSchema,
): Codec<Out, LiveIncomingEvent> {
  return {
    stringify: (event, options = {}) => {
      checkOptions("send an event", options, STRINGIFY_NAMES);
      const { check, isBase64 } = options;
      return stringifyEvent(event, check === false ? [] : issuesOf(schema, event), isBase64);
    },
    read: (frame) => parseLiveServerEvent(decodeFrame(frame)),
  };
}

/**
 * Codec of the socket that starts a session.
 *
 * @category Live
 */
export const liveCodec: Codec<LiveClientEvent, LiveIncomingEvent> = /* @__PURE__ */ codecOf(LivePrimarySchema);

/**
 * Codec of a socket that joins a running session.
 *
 * @category Live
 */
export const liveSidebandCodec: Codec<LiveSidebandClientEvent, LiveIncomingEvent> = /* @__PURE__ */ codecOf(
  LiveSidebandSchema,
);

/**
 * Codec of a socket that starts a session which continues a stored one.
 *
 * @category Live
 */
export const liveForkCodec: Codec<LiveForkClientEvent, LiveIncomingEvent> = /* @__PURE__ */ codecOf(LiveForkSchema);
