import { randomId } from "../../_internal/ids.ts";
import { at, isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { GENERIC_MESSAGE, type PageView } from "../_view/page_view.ts";
import { fields, project, type Shape } from "../_view/shape.ts";

/** Events that a page sees as they are. */
const SHOWN: readonly string[] = [
  "session.commentary.appended",
  "session.delegation.created",
  "session.input_audio.muted",
  "session.input_audio.unmuted",
  "session.input_transcript.delta",
  "session.instructions.appended",
  "session.output_audio.fixture.played",
  "session.output_audio.fixture.playing",
  "session.output_transcript.delta",
  "session.thinking.appended",
  "session.usage.updated",
];

/**
 * The events that pass the data channel of a page unless the policy says otherwise: those that need no other words. Events
 * with the whole session in them are not among them, as the policy is in it.
 */
export const CHANNEL_SERVER_EVENTS: readonly string[] = ["error", ...SHOWN];

/** Client events that do, as well: a page may mute itself and hang up. */
export const CHANNEL_CLIENT_EVENTS: readonly string[] = [
  "session.close",
  "session.input_audio.mute",
  "session.input_audio.unmute",
];

/** What a page may see of its session. */
const SESSION: Shape = {
  ...fields("id", "model", "expires_at", "status", "store"),
  audio: { format: fields("type", "rate"), output: fields("voice") },
  delegation: fields("type"),
};

/** What a page may see of a response of the backend, and of a call. */
const RESPONSE = fields("id", "status");
const CALL = fields("type", "id", "status", "call_id", "name", "arguments");

/**
 * Makes the function that shows a page what it may see of events. Events that this version does not know are not among
 * it: they may hold the policy.
 *
 * @param pageFunctions names of the functions of the backend that the page carries out.
 */
export function liveView(pageFunctions: ReadonlySet<string>): PageView {
  const shown = new Set([...SHOWN, "error", "session.output_audio.delta"]);
  return (event) => {
    switch (event.type) {
      case "session.started":
      case "session.updated":
      case "session.closed":
        return { ...event, session: isRecord(event.session) ? project(event.session, SESSION) : undefined };
      case "response.event":
        return viewNested(event, pageFunctions);
      case "info":
        return { ...event, message: GENERIC_MESSAGE };
    }
    return shown.has(event.type) ? event : undefined;
  };
}

/** An event with an id: those of audio have none. */
export function withId(event: WireEvent | undefined): WireEvent | undefined {
  return event && stringAt(event, "event_id") === undefined ? { ...event, event_id: randomId("event") } : event;
}

/** That the backend begins and ends, and what it calls of the page: the rest is between it and the server. */
function viewNested(event: WireEvent, pageFunctions: ReadonlySet<string>): WireEvent | undefined {
  const { event: nested } = event;
  const type = stringAt(nested, "type");
  if (type === "response.output_item.done") {
    const item = at(nested, "item");
    const isPages = stringAt(item, "type") === "function_call" && pageFunctions.has(stringAt(item, "name") ?? "");
    return isPages ? { ...event, event: { type, item: project(item, CALL) } } : undefined;
  }
  const isLifecycle = /^response\.(?:created|in_progress|completed|failed|incomplete|cancelled)$/.test(type ?? "");
  return isLifecycle ? { ...event, event: { type, response: project(at(nested, "response"), RESPONSE) } } : undefined;
}
