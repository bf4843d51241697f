import { randomId } from "../../_internal/ids.ts";
import { at, isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { GENERIC_MESSAGE, type PageView } from "../_view/page_view.ts";
import { fields, project, type Shape } from "../_view/shape.ts";

/** Events that a page receives unchanged. */
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
 * Server events allowed on a page's data channel by default: those that can be passed unchanged. Events with the whole
 * session are not among them, as they contain the policy.
 */
export const CHANNEL_SERVER_EVENTS: readonly string[] = ["error", ...SHOWN];

/** Client events allowed on a page's data channel by default: a page may mute itself and hang up. */
export const CHANNEL_CLIENT_EVENTS: readonly string[] = [
  "session.close",
  "session.input_audio.mute",
  "session.input_audio.unmute",
];

/** The part of its session that a page may see. */
const SESSION: Shape = {
  ...fields("id", "model", "expires_at", "status", "store"),
  audio: { format: fields("type", "rate"), output: fields("voice") },
  delegation: fields("type"),
};

/** The parts of a backend response and of a call that a page may see. */
const RESPONSE = fields("id", "status");
const CALL = fields("type", "id", "status", "call_id", "name", "arguments");

/**
 * Creates the function that filters events for a page. Events that this version does not know are dropped: they may
 * contain the policy.
 *
 * @param pageFunctions names of the backend's functions that the page executes.
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

/** An event with an id; audio events have none. */
export function withId(event: WireEvent | undefined): WireEvent | undefined {
  return event && stringAt(event, "event_id") === undefined ? { ...event, event_id: randomId("event") } : event;
}

/** The start and the end of backend responses, and their calls to the page: the rest is not disclosed. */
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
