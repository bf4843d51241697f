import { randomId } from "../../_internal/ids.ts";
import { stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { RelayRefusal } from "../relay_filter.ts";
import type { RelayParts } from "./relay_parts.ts";
import type { ComplaintAbout } from "./relay_protocol.ts";

/** The verdict of a filter about an event of the API that is withheld from the page. */
export const HIDDEN: RelayRefusal = { refused: "hidden" };

/** Creates an error event for a page about a rejected event, in the form of the API. */
export function complaint(code: string, message: string, { event, param }: ComplaintAbout): WireEvent {
  const event_id = stringAt(event, "event_id") ?? null;
  const error = { type: "invalid_request_error", code, message, param: param ?? null, event_id };
  return { type: "error", event_id: randomId("event"), error };
}

/** Options of {@linkcode readyEvent}. */
interface Readiness {
  readonly id: string;
  readonly parts: RelayParts;
  readonly resumeToken: string;
  readonly more: { readonly missed?: boolean };
}

/** Informs a page how to resume, and of the interval of the pings that it must answer. */
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

/** @throws {TypeError} when a filter returns an invalid verdict, such as a promise. */
export function asVerdict<Verdict extends object>(verdict: Verdict): Verdict {
  if (["type", "refused"].some((name) => stringAt(verdict, name) !== undefined)) return verdict;
  throw new TypeError("Cannot relay an event as the filter gave neither an event nor a refusal");
}
