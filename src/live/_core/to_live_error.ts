// This module is browser compatible.
import { asString, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { RealtimeApiError } from "../../errors.ts";

/** The name of the client event that a server event refers to; `undefined` if there is none. */
export function clientEventId(event: WireEvent): string | undefined {
  return asString(event.client_event_id) ?? stringAt(event.error, "client_event_id");
}

/** The error in an `error` event. */
export function toLiveError(event: WireEvent): RealtimeApiError {
  const text = (name: string) => stringAt(event.error, name);
  return new RealtimeApiError(text("message") ?? "The server reported an error without a message", {
    type: text("type"),
    code: text("code"),
    param: text("param"),
    eventId: clientEventId(event),
  });
}
