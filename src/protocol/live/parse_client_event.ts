// This module is browser compatible.
import type * as v from "valibot";
import { parseFrame } from "../_parse_frame.ts";
import { variant } from "../_schemas/variants.ts";
import { UnknownKindSchema } from "../_schemas/inbound.ts";
import { issuesOf } from "../_schemas/issues.ts";
import { lazy } from "../_schemas/lazy.ts";
import type { MalformedFrame } from "../field_issue.ts";
import type { UnknownClientEvent } from "../events/parse_client_event.ts";
import {
  LiveForkClientEventSchemas,
  LivePrimaryClientEventSchemas,
  LiveSidebandClientEventSchemas,
} from "./_schemas/client_event.ts";
import type { LiveOutgoingEvent } from "./client_event.ts";
import type { LiveConnection } from "./connection.ts";

const SCHEMAS: Readonly<Record<LiveConnection, v.GenericSchema>> = /* @__PURE__ */ lazy(() => ({
  primary: variant(LivePrimaryClientEventSchemas, "type", UnknownKindSchema),
  sideband: variant(LiveSidebandClientEventSchemas, "type", UnknownKindSchema),
  fork: variant(LiveForkClientEventSchemas, "type", UnknownKindSchema),
}));

/**
 * A frame that holds an event of a Live client.
 *
 * @category Live
 */
export interface ParsedLiveClientEvent {
  /** It is an event. */
  readonly ok: true;
  /** The event: a valid event of a known type, or an event of an unknown type and any shape. */
  readonly event: LiveOutgoingEvent | UnknownClientEvent;
}

/**
 * The result of {@linkcode safeParseLiveClientEvent}.
 *
 * @category Live
 */
export type LiveClientEventResult = ParsedLiveClientEvent | MalformedFrame;

/**
 * Parses a frame of a Live client, for relays and servers, like `parseClientEvent`. An event that this connection does
 * not take is of an unknown type here. Never throws.
 *
 * @category Live
 */
export function safeParseLiveClientEvent(frame: string, connection: LiveConnection = "primary"): LiveClientEventResult {
  return parseFrame(frame, (event) => issuesOf(SCHEMAS[connection], event));
}
