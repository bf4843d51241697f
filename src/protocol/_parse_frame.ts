// This module is browser compatible.
import { stringAt } from "../_internal/wire.ts";
import { eventIssues, type InboundFields, type InboundTypes } from "./_inbound_issues.ts";
import type { MalformedServerEvent } from "./events/incoming_event.ts";
import type { FieldIssue, MalformedFrame } from "./field_issue.ts";

type Result<Event> = { readonly ok: true; readonly event: Event } | MalformedFrame;

/** Parses a frame and looks for issues in the result; returns the parsed value itself, unchanged. Never throws. */
export function parseFrame<Event>(frame: string, find: (raw: unknown) => readonly FieldIssue[]): Result<Event> {
  let raw: unknown = frame;
  let issues: readonly FieldIssue[] | undefined;
  try {
    raw = JSON.parse(frame);
  } catch (error) {
    const reason = (error as Error).message;
    issues = [{ path: "", rule: { kind: "json", reason }, message: `must be JSON: ${reason}`, value: frame }];
  }
  issues ??= find(raw);
  if (issues.length === 0) return { ok: true, event: raw as Event };
  return { ok: false, type: stringAt(raw, "type"), issues, raw };
}

/** Parses a frame of a server; the fields of known events are looked at. */
export function parseServerFrame<Event>(
  frame: string,
  types: InboundTypes,
  fields: InboundFields,
): Result<Event> {
  return parseFrame(frame, (raw) => eventIssues(raw, types, fields));
}

/** The event of a result, or the event that a malformed frame becomes, so that a stream can carry all that arrives. */
export function eventOf<Event>(result: Result<Event>): Event | MalformedServerEvent {
  if (result.ok) return result.event;
  const { type, issues, raw } = result;
  return { type: "malformed_event", eventType: type, issues, raw };
}
