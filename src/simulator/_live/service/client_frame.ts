// This module is browser compatible.
import {
  LIVE_CLIENT_EVENT_TYPES,
  LIVE_FORK_CLIENT_EVENT_TYPES,
  LIVE_SIDEBAND_CLIENT_EVENT_TYPES,
  type LiveConnection,
  type LiveOutgoingEvent,
  safeParseLiveClientEvent,
} from "../../../protocol/mod.ts";
import { fieldErrorOf } from "../../_session/field_errors.ts";
import { listWords, ServerError } from "../../_errors/server_error.ts";
import { connectionOf, type ParticipantKind } from "./participant.ts";

const TYPES: Readonly<Record<LiveConnection, readonly string[]>> = {
  primary: LIVE_CLIENT_EVENT_TYPES,
  sideband: LIVE_SIDEBAND_CLIENT_EVENT_TYPES,
  fork: LIVE_FORK_CLIENT_EVENT_TYPES,
};

/** A frame of a client. */
export interface LiveFrame {
  /** The event; absent when it is rejected. */
  readonly event?: LiveOutgoingEvent;
  /** The error. */
  readonly refusal?: ServerError;
  /** Its type, if it has one. */
  readonly type: string | undefined;
  /** Its `event_id`, if it has one. */
  readonly name: string | undefined;
}

/** Reads a frame of a client by the rules of its connection. */
export function readLiveFrame(frame: string, kind: ParticipantKind): LiveFrame {
  const connection = connectionOf(kind);
  const result = safeParseLiveClientEvent(frame, connection);
  const raw = (result.ok ? result.event : result.raw) as
    | { readonly type?: unknown; readonly event_id?: unknown }
    | null;
  const type = typeof raw?.type === "string" ? raw.type : undefined;
  const known = { type, name: typeof raw?.event_id === "string" ? raw.event_id : undefined };
  if (type !== undefined && !TYPES[connection].includes(type)) {
    const message = `Invalid value: '${type}'. Supported values are: ${listWords(TYPES[connection])}.`;
    return { ...known, refusal: new ServerError(message, { code: "invalid_value", param: "type" }) };
  }
  if (result.ok) return { ...known, event: result.event as LiveOutgoingEvent };
  const [issue] = result.issues;
  if (!issue || issue.rule.kind === "json") {
    return { ...known, refusal: new ServerError("The event is not a JSON object.", { code: null }) };
  }
  return { ...known, refusal: fieldErrorOf(issue) };
}
