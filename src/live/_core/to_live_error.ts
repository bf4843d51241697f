// This module is browser compatible.
import { stringAt, type WireEvent } from "../../_internal/wire.ts";
import { RealtimeApiError } from "../../errors.ts";

/** The error that an `error` event carries. */
export function toLiveError(event: WireEvent): RealtimeApiError {
  const text = (name: string) => stringAt(event, "error", name);
  return new RealtimeApiError(text("message") ?? "The server reported an error without a message", {
    type: text("type"),
    code: text("code"),
    param: text("param"),
    eventId: stringAt(event, "client_event_id") ?? text("client_event_id"),
  });
}
