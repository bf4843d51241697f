// This module is browser compatible.
import { isRecord } from "../../_internal/wire.ts";
import type { ServerProfile } from "../server_profile.ts";
import type { Fields, FrameShape } from "./frame_shape.ts";
import { common } from "./ga_shape.ts";
import { inOrder } from "./in_order.ts";

/** Events of a response with different names. */
const OUTPUT_EVENT = /^response\.output_(text|audio|audio_transcript)\.(delta|done)$/;

/** Fields of a session that only Voice Live has, as recorded. */
const OWN_FIELDS = {
  animation: null,
  input_audio_echo_cancellation: null,
  avatar: null,
  output_audio_timestamp_types: null,
  truncation_strategy: null,
};

/** Fields of turn detection and of transcription that only Voice Live has, as recorded. */
const OWN_TURN_FIELDS = {
  speech_duration_ms: null,
  end_of_utterance_detection: null,
  auto_truncate: false,
  appended_text_after_truncation: null,
};
/** Orders of fields, as recorded. */
const SESSION_ORDER = [
  ...["id", "model", "modalities", "instructions", "voice", "input_audio_format", "output_audio_format"],
  ...["input_audio_transcription", "input_audio_noise_reduction", "turn_detection", "tools", "tool_choice"],
  ...["max_response_output_tokens", "expires_at", "object", "input_audio_sampling_rate"],
];
const RESPONSE_ORDER = ["object", "id", "status", "status_details", "output", "usage", "conversation_id"];
/** Default turn detection settings. */
const TURN_DEFAULTS = { prefix_padding_ms: 400, silence_duration_ms: 500 };
const OWN_TRANSCRIPTION_FIELDS = { custom_speech: null, phrase_list: null };

/** Formats by the names of the beta. */
const FORMATS: ReadonlyMap<string, Fields> = new Map<string, Fields>([
  ["pcm16", { type: "audio/pcm", rate: 24000 }],
  ["g711_ulaw", { type: "audio/pcmu" }],
  ["g711_alaw", { type: "audio/pcma" }],
]);

/** The shape of Azure Voice Live: the names of the API's beta, and sessions and responses that are flat. */
export function createVoiceLiveShape(profile: ServerProfile): FrameShape {
  return {
    fromClient(fields) {
      const { item, response, session } = fields;
      return {
        ...fields,
        ...isRecord(session) && { session: { type: "realtime", ...nested(session) } },
        ...isRecord(response) && { response: nested(response) },
        ...isRecord(item) && item.role === "assistant" && { item: withParts(item, /^(?=text$|audio$)/, "output_") },
      };
    },
    toClient(frame) {
      const shaped = common(frame, profile);
      return shaped ? [flattened(shaped)] : [];
    },
  };
}

function flattened(frame: Fields): Fields {
  const type = String(frame.type).replace(OUTPUT_EVENT, "response.$1.$2");
  const { item, part, response, session } = frame;
  const flat = {
    ...frame,
    type,
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

function flatSession(
  {
    type: _type,
    audio,
    output_modalities,
    max_output_tokens,
    tools,
    tracing: _tracing,
    truncation: _,
    prompt: _p,
    ...rest
  }: Fields,
): Fields {
  const { input = {}, output = {} } = record(audio) as { readonly input?: Fields; readonly output?: Fields };
  const flat = {
    ...rest,
    tools: Array.isArray(tools) ? tools.map((tool) => inOrder(tool, ["name", "description", "type"])) : tools,
    modalities: output_modalities,
    voice: flatVoice(output.voice),
    input_audio_format: formatName(input.format),
    output_audio_format: formatName(output.format),
    input_audio_transcription: isRecord(input.transcription)
      ? { ...input.transcription, ...OWN_TRANSCRIPTION_FIELDS }
      : null,
    input_audio_noise_reduction: input.noise_reduction ?? null,
    turn_detection: isRecord(input.turn_detection)
      ? { ...inOrder(input.turn_detection, [], ["idle_timeout_ms"]), ...OWN_TURN_FIELDS }
      : null,
    max_response_output_tokens: max_output_tokens,
    input_audio_sampling_rate: 24000,
    ...OWN_FIELDS,
  };
  return inOrder(flat, SESSION_ORDER, ["include"]);
}

function flatResponse({ audio, output, output_modalities, usage, ...rest }: Fields): Fields {
  const { format, voice } = record(record(audio).output);
  const flat = {
    ...rest,
    output: Array.isArray(output) ? output.map((item) => flatItem(record(item))) : output,
    modalities: output_modalities,
    voice: flatVoice(voice),
    output_audio_format: formatName(format),
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

/** A session or a response of Voice Live in the shape of the GA API; fields that are in that shape already stay. */
function nested(flat: Fields): Fields {
  const {
    type: _type,
    modalities,
    max_response_output_tokens,
    voice,
    input_audio_format,
    output_audio_format,
    input_audio_transcription,
    input_audio_noise_reduction,
    input_audio_sampling_rate: _rate,
    turn_detection: turns,
    temperature: _temperature,
    ...rest
  } = flat;
  const own = Object.fromEntries(Object.entries(rest).filter(([name]) => !(name in OWN_FIELDS)));
  const audio = record(rest.audio);
  const input = defined({
    ...record(audio.input),
    format: FORMATS.get(String(input_audio_format)),
    transcription: input_audio_transcription,
    noise_reduction: input_audio_noise_reduction,
    turn_detection: isRecord(turns) && turns.type === "server_vad" ? { ...TURN_DEFAULTS, ...turns } : turns,
  });
  const output = defined({
    ...record(audio.output),
    format: FORMATS.get(String(output_audio_format)),
    voice: isRecord(voice) && "name" in voice ? voice.name : voice,
  });
  const parts = { ...Object.keys(input).length > 0 && { input }, ...Object.keys(output).length > 0 && { output } };
  return defined({
    ...own,
    output_modalities: Array.isArray(modalities) ? [modalities.includes("audio") ? "audio" : "text"] : undefined,
    ...max_response_output_tokens !== undefined && { max_output_tokens: max_response_output_tokens },
    ...Object.keys(parts).length > 0 && { audio: parts },
  });
}

/** A voice as Voice Live shows it: by its name, without an id. */
function flatVoice(voice: unknown): unknown {
  const name = isRecord(voice) ? voice.id : voice;
  return name === undefined ? voice : { name, type: "openai" };
}

function formatName(format: unknown): string | null {
  const { type } = record(format);
  return [...FORMATS].find(([, known]) => known.type === type)?.[0] ?? null;
}

/** An item with renamed content parts. */
function withParts(item: Fields, from: RegExp, to: string): Fields {
  if (!Array.isArray(item.content)) return item;
  return { ...item, content: item.content.map((part) => ({ ...part, type: String(part.type).replace(from, to) })) };
}

function defined(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function record(value: unknown): Fields {
  return isRecord(value) ? value : {};
}
