// This module is browser compatible.
import { asString, stringAt, toApiError, type WireEvent } from "../../_internal/wire.ts";
import type { RealtimeApiError } from "../../errors.ts";

/** The name of the client event that a server event refers to; `undefined` if there is none. */
export function clientEventId(event: WireEvent): string | undefined {
  return asString(event.client_event_id) ?? stringAt(event.error, "client_event_id");
}

/** The error in an `error` event. */
export function toLiveError(event: WireEvent): RealtimeApiError {
  return toApiError(event, { eventId: clientEventId(event) });
}
