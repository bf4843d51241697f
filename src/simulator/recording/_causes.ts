// This module is browser compatible.
import { at, stringAt } from "../../_internal/wire.ts";
import type { RecordedLine } from "./recording.ts";
import { isAppend, typeOf } from "./_lines.ts";

/** The earlier event that each type answers: the first of its kind that has not been answered. */
const QUESTIONS: Readonly<Record<string, string>> = {
  "conversation.item.deleted": "conversation.item.delete",
  "conversation.item.retrieved": "conversation.item.retrieve",
  "conversation.item.truncated": "conversation.item.truncate",
  "input_audio_buffer.cleared": "input_audio_buffer.clear",
  "input_audio_buffer.committed": "input_audio_buffer.commit",
  "output_audio_buffer.cleared": "output_audio_buffer.clear",
  "response.created": "response.create",
  "session.closed": "session.close",
  "session.started": "session.start",
  "session.updated": "session.update",
};

/** Events of the Live API that only audio of the user causes, as it moves the session's time. */
const MOVED_BY_AUDIO = /^session\.(?:(?:input_transcript|output_transcript|output_audio)\.delta|delegation\.created)$/;

/** Events of the Live API that answer a client event without naming it. */
function unnamedQuestion(type: string, event: unknown): string | undefined {
  if (type === "response.event" && stringAt(event, "event", "type") === "response.created") return "response.create";
  const isAsked = type === "decision.event" && !at(event, "delegation_id") && !at(event, "source_event_id");
  return isAsked ? "decision.create" : QUESTIONS[type];
}

/**
 * Finds the causes of the server's events in a recording: an event that follows one of the client was not necessarily
 * caused by it.
 *
 * @param createdIds ids of the items that the client has created, by line.
 * @returns for lines of the server, the line of the client without which they would not be.
 */
export function findCauses(
  lines: readonly RecordedLine[],
  createdIds: ReadonlyMap<number, string>,
): ReadonlyMap<number, number> {
  const causes = new Map<number, number>();
  const creators = new Map([...createdIds].map(([index, itemId]) => [itemId, index]));
  const asked: { readonly index: number; readonly type: string; readonly eventId: string | undefined }[] = [];
  const heardItems = new Set<string>();
  let lastSent: number | undefined;
  let lastAppend: number | undefined;

  const takeAsked = (isIt: (question: typeof asked[number]) => boolean) => {
    const place = asked.findIndex(isIt);
    return place < 0 ? undefined : asked.splice(place, 1)[0]?.index;
  };
  // An observer sends no session.start.
  const isLive = lines.some((line) => /^session\.start(?:ed)?$/.test(typeOf(line)));
  const causeInLive = (type: string, event: unknown): number | undefined => {
    if (MOVED_BY_AUDIO.test(type)) return lastAppend;
    const eventId = stringAt(event, "client_event_id") ?? stringAt(event, "error", "client_event_id");
    if (eventId !== undefined) return takeAsked((question) => question.eventId === eventId);
    if (type === "error") return lastSent;
    const wanted = unnamedQuestion(type, event);
    return takeAsked((question) => question.type === wanted);
  };
  const causeOf = (type: string, event: unknown): number | undefined => {
    if (isLive) return causeInLive(type, event);
    const itemId = stringAt(event, "item_id") ?? stringAt(event, "item", "id") ?? "";
    if (type === "input_audio_buffer.speech_started" || type === "input_audio_buffer.timeout_triggered") {
      heardItems.add(itemId);
      return lastAppend;
    }
    if (type === "input_audio_buffer.speech_stopped") return lastAppend;
    if (type === "input_audio_buffer.committed" && heardItems.has(itemId)) return lastAppend;
    if (/^conversation\.item\.(?:added|created|done)$/.test(type)) return creators.get(itemId);
    if (type === "response.done" && stringAt(event, "response", "status_details", "reason") === "client_cancelled") {
      return takeAsked((question) => question.type === "response.cancel");
    }
    if (type !== "error") return takeAsked((question) => question.type === QUESTIONS[type]);
    const eventId = at(event, "error", "event_id");
    return eventId === null ? lastSent : takeAsked((question) => question.eventId === eventId);
  };

  for (const [index, line] of lines.entries()) {
    const type = typeOf(line);
    const event = "event" in line ? line.event : undefined;
    if (line.dir === "sent") {
      lastSent = index;
      if (isAppend(type)) lastAppend = index;
      asked.push({ index, type, eventId: stringAt(event, "event_id") });
    } else if (line.dir === "recv") {
      const cause = causeOf(type, event);
      if (cause !== undefined) causes.set(index, cause);
    }
  }
  return causes;
}
