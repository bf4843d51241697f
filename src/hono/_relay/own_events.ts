import { randomId } from "../../_internal/ids.ts";
import { stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { RelayRefusal } from "../relay_filter.ts";
import type { RelayParts } from "./relay_parts.ts";
import type { ComplaintAbout } from "./relay_protocol.ts";

/** What a filter says of an event of the API that the page does not get. */
export const HIDDEN: RelayRefusal = { refused: "hidden" };

/** Tells a page that something of it did not go on, as the API would. */
export function complaint(code: string, message: string, { event, param }: ComplaintAbout): WireEvent {
  const event_id = stringAt(event, "event_id") ?? null;
  const error = { type: "invalid_request_error", code, message, param: param ?? null, event_id };
  return { type: "error", event_id: randomId("event"), error };
}

/** What {@linkcode readyEvent} needs to know. */
interface Readiness {
  readonly id: string;
  readonly parts: RelayParts;
  readonly resumeToken: string;
  readonly more: { readonly missed?: boolean };
}

/** Tells a page how it can resume, and the interval of the pings that it must answer. */
export function readyEvent(
  type: "relay.ready" | "relay.resumed",
  { id, more, parts: { answersPings, times }, resumeToken }: Readiness,
): WireEvent {
  const { heartbeatMs, resumeMs } = times;
  const relay = {
    id,
    ...resumeMs > 0 && { resume_token: resumeToken, resume_ms: resumeMs },
    ...answersPings && { heartbeat_ms: heartbeatMs },
    ...more,
  };
  return { type, event_id: randomId("event"), relay };
}

/** @throws {TypeError} when a filter gives something else than it should, such as a promise. */
export function asVerdict<Verdict extends object>(verdict: Verdict): Verdict {
  if (["type", "refused"].some((name) => stringAt(verdict, name) !== undefined)) return verdict;
  throw new TypeError("Cannot relay an event as the filter gave neither an event nor a refusal");
}
