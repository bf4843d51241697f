// This module is browser compatible.
import { isRecord } from "../../_internal/wire.ts";
import type { ServerProfile } from "../server_profile.ts";
import type { Fields, FrameShape } from "./frame_shape.ts";

/** The shape of OpenAI's GA API, and of servers that differ from it in a field or an event. */
export function createGaShape(profile: ServerProfile): FrameShape {
  return {
    fromClient: (fields) => fields,
    toClient(frame) {
      const shaped = common(frame, profile);
      if (!shaped) return [];
      const { part, type } = shaped;
      const isPart = type === "response.content_part.added" || type === "response.content_part.done";
      return [profile.repeatsContentParts && isPart ? { ...shaped, content: part } : shaped];
    },
  };
}

/** Omits or renames fields as servers of all shapes may; `undefined` for an event that is not sent. */
export function common(frame: Fields, profile: ServerProfile): Fields | undefined {
  const { type } = frame;
  if (profile.leavesOut.includes(String(type))) return undefined;
  switch (type) {
    case "conversation.item.added":
      return profile.itemsAreCreated ? { ...frame, type: "conversation.item.created" } : frame;
    case "conversation.item.done":
      return profile.itemsAreCreated ? undefined : frame;
    case "error":
      if (profile.namesRefusedEvents || !isRecord(frame.error)) return frame;
      return { ...frame, error: { ...frame.error, event_id: null } };
    case "response.created":
    case "response.done":
      if (profile.echoesMetadata || !isRecord(frame.response)) return frame;
      return { ...frame, response: { ...frame.response, metadata: null } };
    case "session.created":
    case "session.updated":
      return { ...frame, session: shownSession(frame.session) };
    default:
      return frame;
  }
}

/** A session as the server reports it: it honours `transcription.delay` without reporting it. */
export function shownSession(session: unknown): unknown {
  if (!isRecord(session) || !isRecord(session.audio) || !isRecord(session.audio.input)) return session;
  const { input } = session.audio;
  const { transcription } = input;
  if (!isRecord(transcription) || !("delay" in transcription)) return session;
  const { delay: _, ...shown } = transcription;
  return { ...session, audio: { ...session.audio, input: { ...input, transcription: shown } } };
}
