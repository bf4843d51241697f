// This module is browser compatible.
import { isRecord } from "../../_internal/wire.ts";
import type { ServerProfile } from "../server_profile.ts";
import type { Fields, FrameShape } from "./frame_shape.ts";
import { common } from "./ga_shape.ts";
import { inOrder } from "./in_order.ts";
import { renamedError } from "./renamed_error.ts";
import {
  flatParam,
  flatSession,
  flatVoice,
  nestedResponse,
  nestedSession,
  outputFormatName,
} from "./voice_live_settings.ts";

/** Events of a response with different names. */
const OUTPUT_EVENT = /^response\.output_(text|audio|audio_transcript)\.(delta|done)$/;

/** The order of a response's fields, as recorded. */
const RESPONSE_ORDER = ["object", "id", "status", "status_details", "output", "usage", "conversation_id"];

/** The shape of Azure Voice Live: the names of the API's beta, and sessions and responses that are flat. */
export function createVoiceLiveShape(profile: ServerProfile): FrameShape {
  return {
    fromClient(fields) {
      const { item, response, session } = fields;
      return {
        ...fields,
        ...isRecord(session) && { session: nestedSession(session) },
        ...isRecord(response) && { response: withItems(nestedResponse(response)) },
        ...item !== undefined && { item: itemOf(item) },
      };
    },
    toClient(frame) {
      const shaped = common(frame, profile);
      return shaped ? [flattened(shaped)] : [];
    },
  };
}

/** An item of a client in the shape of the GA API. */
function itemOf(item: unknown): unknown {
  return isRecord(item) && item.role === "assistant" ? withParts(item, /^(?=text$|audio$)/, "output_") : item;
}

/** The settings of a response with its input in that shape. */
function withItems(response: Fields): Fields {
  return Array.isArray(response.input) ? { ...response, input: response.input.map(itemOf) } : response;
}

/** The name that a type of event had in the beta API. */
export function betaTypeOf(type: string): string {
  return type.replace(OUTPUT_EVENT, "response.$1.$2");
}

function flattened(frame: Fields): Fields {
  const type = betaTypeOf(String(frame.type));
  const { error, item, part, response, session } = frame;
  const flat = {
    ...frame,
    type,
    ...isRecord(error) && { error: renamedError(error, flatParam) },
    ...isRecord(item) && { item: flatItem(item) },
    // As recorded: the part that is done is empty.
    ...type === "response.content_part.done" && isRecord(part) && "text" in part && { part: { ...part, text: "" } },
    ...isRecord(response) && { response: flatResponse(response) },
    // As recorded: the output format is not reported before it has been set.
    ...isRecord(session) && {
      session: { ...flatSession(session), ...type === "session.created" && { output_audio_format: null } },
    },
  };
  return inOrder(flat, ["event_id", "type"]);
}

function flatResponse({ audio, output, output_modalities, usage, ...rest }: Fields): Fields {
  const { format, voice } = record(record(audio).output);
  const flat = {
    ...rest,
    output: Array.isArray(output) ? output.map((item) => flatItem(record(item))) : output,
    modalities: output_modalities,
    voice: flatVoice(voice),
    output_audio_format: outputFormatName(format),
    temperature: null,
    ...isRecord(usage) ? { usage: withReasoning(usage) } : { usage },
  };
  return inOrder(flat, RESPONSE_ORDER, ["max_output_tokens", "metadata"]);
}

/** The usage of a response, always with reasoning tokens. */
function withReasoning(usage: Fields): Fields {
  const output = { reasoning_tokens: 0, ...record(usage.output_token_details) };
  return {
    ...usage,
    input_token_details: inOrder(record(usage.input_token_details), ["cached_tokens"]),
    output_token_details: inOrder(output, [], ["reasoning_tokens"]),
  };
}

function flatItem(item: Fields): Fields {
  return inOrder({ object: "realtime.item", ...withParts(item, /^output_/, "") }, ["id"]);
}

/** An item with renamed content parts. */
function withParts(item: Fields, from: RegExp, to: string): Fields {
  if (!Array.isArray(item.content)) return item;
  const renamed = (part: unknown) =>
    isRecord(part) && typeof part.type === "string" ? { ...part, type: part.type.replace(from, to) } : part;
  return { ...item, content: item.content.map(renamed) };
}

function record(value: unknown): Fields {
  return isRecord(value) ? value : {};
}
