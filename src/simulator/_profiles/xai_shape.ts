// This module is browser compatible.
import { isRecord } from "../../_internal/wire.ts";
import type { ServerProfile } from "../server_profile.ts";
import type { Fields, FrameShape } from "./frame_shape.ts";
import { common } from "./ga_shape.ts";
import { inOrder } from "./in_order.ts";
import { sayingResponse } from "./own_settings.ts";
import { renamedError } from "./renamed_error.ts";
import { XaiMeasurements } from "./xai_measurements.ts";
import { withOutputModalities, xaiSettings } from "./xai_settings.ts";
import {
  spokenTokens,
  usageBeside,
  xaiItem,
  xaiOutputItem,
  xaiResponse,
  xaiSession,
  xaiSessionCreated,
} from "./xai_objects.ts";

/** Message that is spoken as it is, as documented. */
const FORCED = "force_message";

/** The order of an event's fields, as recorded. */
const FIRST = [
  ...["type", "event_id", "item", "item_id", "transcript", "part", "response", "response_id", "delta"],
  ...["content_index", "output_index"],
];

/** The shape of xAI, as recorded. */
export function createXaiShape(profile: ServerProfile, unixTime: () => number): FrameShape {
  const announced = new Set<unknown>();
  const transcripts = new Map<unknown, string>();
  const measurements = new XaiMeasurements(unixTime);
  let audioDone: Fields | undefined;
  let conversationTokens = 0;

  /** The item of a turn is announced at the beginning of the turn. */
  function turn(frame: Fields): readonly Fields[] {
    announced.add(frame.item_id);
    const content = [{ type: "input_audio", transcript: "" }];
    const item = {
      id: frame.item_id,
      object: "realtime.item",
      type: "message",
      status: "in_progress",
      role: "user",
      content,
    };
    return [frame, { type: "conversation.item.added", item, previous_item_id: null }];
  }

  /** Only answers name a predecessor. */
  function added(frame: Fields): Fields {
    const { role, status } = record(frame.item);
    const isAnswer = role === "assistant" && status === "in_progress";
    return { ...frame, item: xaiItem(frame.item), previous_item_id: isAnswer ? frame.previous_item_id : null };
  }

  /** Transcriptions have no deltas: the whole transcript so far is sent repeatedly, as if it were complete. */
  function transcription(frame: Fields): readonly Fields[] {
    const { delta, event_id, type: _type, ...place } = frame;
    const transcript = (transcripts.get(frame.item_id) ?? "") + String(delta);
    transcripts.set(frame.item_id, transcript);
    const soFar = { ...place, transcript: transcript.trimStart() };
    return [
      { type: "conversation.item.input_audio_transcription.updated", event_id, ...soFar },
      { type: "conversation.item.input_audio_transcription.completed", ...soFar, status: "in_progress" },
    ];
  }

  function shaped(frame: Fields, audioMs: number): readonly Fields[] {
    switch (frame.type) {
      case "error":
        return [{ ...frame, error: renamedError(record(frame.error), nameOf) }];
      case "session.created":
        return [{ ...frame, session: xaiSessionCreated(frame.session) }];
      case "session.updated":
        return [{ ...frame, session: xaiSession(frame.session) }];
      case "conversation.created":
        return [frame, { type: "ping", timestamp: Math.round(unixTime()) }];
      case "input_audio_buffer.speech_started":
        return turn(frame);
      case "input_audio_buffer.committed":
        return [{ ...frame, previous_item_id: null }];
      case "conversation.item.added":
        return announced.has(record(frame.item).id) ? [] : [added(frame)];
      case "conversation.item.deleted":
        return [{ ...frame, item_id: "" }];
      case "conversation.item.input_audio_transcription.delta":
        return transcription(frame);
      case "conversation.item.input_audio_transcription.completed": {
        const { usage: _usage, ...rest } = frame;
        return [{ ...rest, status: "completed" }];
      }
      case "response.content_part.added":
        return [{ ...frame, previous_item_id: "0" }];
      case "response.function_call_arguments.delta": {
        const { output_index: _index, ...rest } = frame;
        return [rest];
      }
      case "response.output_item.added":
      case "response.output_item.done":
        return [{ ...frame, item: xaiOutputItem(frame.item) }];
      case "response.output_audio.done":
        audioDone = frame;
        return [];
      case "response.content_part.done": {
        const { part: _part, ...rest } = frame;
        const done = audioDone;
        audioDone = undefined;
        return done ? [rest, done] : [rest];
      }
      case "response.output_audio_transcript.delta":
        return [{ ...frame, ...measurements.ofWords(frame) }];
      case "response.output_audio.delta":
        return [{ ...frame, ...measurements.ofAudio(frame, audioMs) }];
      case "response.created":
        measurements.begin(record(frame.response).id);
        return [{ ...frame, response: xaiResponse(frame.response) }];
      case "response.done": {
        const response_id = record(frame.response).id;
        measurements.end(response_id);
        conversationTokens += spokenTokens(frame.response);
        return [{
          ...frame,
          response: xaiResponse(frame.response),
          response_id,
          usage: usageBeside(frame.response, conversationTokens),
        }];
      }
      default:
        return [frame];
    }
  }

  return {
    fromClient(fields) {
      const { item, response, session } = fields;
      if (fields.type === "conversation.item.create" && isRecord(item) && item.type === FORCED) {
        return { type: "response.create", response: sayingResponse({}, item, "item") };
      }
      return {
        ...fields,
        ...isRecord(response) && { response: withOutputModalities(response) },
        ...isRecord(session) && { session: xaiSettings(session, profile.defaultTranscription) },
      };
    },
    toClient(frame, audioMs = 0) {
      const sent = common(frame, profile);
      if (!sent) return [];
      return shaped(sent, audioMs).map((each) => {
        if (each.type === "session.created") return each;
        // All outputs of a response have the first index.
        const place = "output_index" in each ? { output_index: 0 } : {};
        const whole = { event_id: undefined, ...each, ...place, previous_item_id: each.previous_item_id ?? null };
        if (each.type === "session.updated") return inOrder(whole, ["session", "type", "event_id"]);
        const isPart = each.type === "response.content_part.added";
        return isPart
          ? inOrder(whole, ["type", "event_id", "item_id", "previous_item_id", ...FIRST])
          : inOrder(whole, FIRST, ["previous_item_id"]);
      });
    },
  };
}

/** The path of a setting as xAI names it. */
function nameOf(param: string): string {
  return param
    .replace(/^session\.audio\.(?:input\.(?=turn_detection)|output\.(?=voice))/, "session.")
    .replace(/^(session|response)\.output_modalities/, "$1.modalities");
}

function record(value: unknown): Fields {
  return isRecord(value) ? value : {};
}
