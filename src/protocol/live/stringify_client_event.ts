// This module is browser compatible.
import { checkOptions } from "../../_internal/check_options.ts";
import type * as v from "valibot";
import { issuesOf } from "../_schemas/issues.ts";
import { STRINGIFY_NAMES, stringifyEvent } from "../_stringify_event.ts";
import type { FieldIssue } from "../field_issue.ts";
import type { StringifyOptions } from "../events/stringify_client_event.ts";
import { LiveForkSchema, LivePrimarySchema, LiveSidebandSchema } from "./_schemas/outgoing.ts";
import type { LiveOutgoingEvent } from "./client_event.ts";
import type { LiveConnection } from "./connection.ts";

const SCHEMAS: Readonly<Record<LiveConnection, v.GenericSchema>> = {
  primary: LivePrimarySchema,
  sideband: LiveSidebandSchema,
  fork: LiveForkSchema,
};

/**
 * Lists everything that is wrong with a Live client event; empty: nothing. Like `checkClientEvent`.
 *
 * @category Live
 */
export function checkLiveClientEvent(event: unknown, connection: LiveConnection = "primary"): readonly FieldIssue[] {
  return issuesOf(SCHEMAS[connection], event);
}

/**
 * Options of {@linkcode stringifyLiveClientEvent}.
 *
 * @category Live
 */
export interface LiveStringifyOptions extends StringifyOptions {
  /**
   * The connection that the event is for; each accepts different events.
   *
   * @default {"primary"}
   */
  readonly connection?: LiveConnection | undefined;
}

/**
 * Serializes a Live client event to a frame, after {@linkcode checkLiveClientEvent}. Absent and `undefined` fields are
 * omitted, null is written.
 *
 * @throws {InvalidEventError} when something is wrong with the event; it names the first field at fault and has all.
 * @category Live
 *
 * @example Say something
 * ```ts
 * import { stringifyLiveClientEvent } from "@oai-rt/edge/protocol";
 * import { assertThrows } from "@std/assert";
 *
 * stringifyLiveClientEvent({ type: "session.commentary.append", content: "Good morning!", delegation_id: null });
 * assertThrows(
 *   () => stringifyLiveClientEvent({ type: "session.commentary.append", content: " ", delegation_id: null }),
 *   TypeError,
 *   "Cannot send session.commentary.append as content must be more than white space",
 * );
 * ```
 */
export function stringifyLiveClientEvent(event: LiveOutgoingEvent, options: LiveStringifyOptions = {}): string {
  checkOptions("send an event", options, { ...STRINGIFY_NAMES, connection: 1 });
  const issues = options.check === false ? [] : checkLiveClientEvent(event, options.connection);
  return stringifyEvent(event, issues, options.isBase64);
}
