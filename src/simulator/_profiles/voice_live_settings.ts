// This module is browser compatible.
import { isRecord } from "../../_internal/wire.ts";
import type { Fields } from "./frame_shape.ts";
import { inOrder } from "./in_order.ts";
import { hiddenField, hideFields } from "./own_fields.ts";
import { hideSettings, type OwnSettings, sayingResponse, shownSettings } from "./own_settings.ts";

/** Settings of a session that only Voice Live has, as recorded, and documented ones that are reported once set. */
const OWN_SESSION_SETTINGS: OwnSettings = {
  animation: { kind: "object", initial: null },
  input_audio_echo_cancellation: { kind: "object", initial: null },
  avatar: { kind: "object", initial: null },
  output_audio_timestamp_types: { kind: "array", initial: null },
  truncation_strategy: { kind: "object", initial: null },
  temperature: { kind: "number" },
  reasoning_effort: { kind: "string" },
  interim_response: { kind: "object" },
  metadata: { kind: "object" },
};
/** Settings of a response that only Voice Live has, as documented. */
const OWN_RESPONSE_SETTINGS: OwnSettings = {
  temperature: { kind: "number" },
  reasoning_effort: { kind: "string" },
  interim_response: { kind: "object" },
  cancel_previous: { kind: "boolean" },
};
/** Settings of turn detection that only Voice Live has, as recorded, and documented ones that are reported once set. */
const OWN_TURN_SETTINGS: OwnSettings = {
  speech_duration_ms: { kind: "number", initial: null },
  end_of_utterance_detection: { kind: "object", initial: null },
  auto_truncate: { kind: "boolean", initial: false },
  appended_text_after_truncation: { kind: "string", initial: null },
  remove_filler_words: { kind: "boolean" },
  languages: { kind: "array" },
};
/** Settings of transcription that only Voice Live has, as recorded. */
const OWN_TRANSCRIPTION_SETTINGS: OwnSettings = {
  custom_speech: { kind: "object", initial: null },
  phrase_list: { kind: "array", initial: null },
};
/** The order of a session's fields, as recorded. */
const SESSION_ORDER = [
  ...["id", "model", "modalities", "instructions", "voice", "input_audio_format", "output_audio_format"],
  ...["input_audio_transcription", "input_audio_noise_reduction", "turn_detection", "tools", "tool_choice"],
  ...["max_response_output_tokens", "expires_at", "object", "input_audio_sampling_rate"],
];
/** Times of turn detection that the client sets without naming them. */
const TURN_DEFAULTS = { prefix_padding_ms: 400, silence_duration_ms: 500 };

/** Rates of `pcm16` audio of the user besides 24 kHz, as documented. */
const INPUT_RATES: readonly unknown[] = [8000, 16_000];

/** Formats of the user's audio by the names of the beta. */
const INPUT_FORMATS: ReadonlyMap<string, Fields> = new Map<string, Fields>([
  ["pcm16", { type: "audio/pcm", rate: 24000 }],
  ["g711_ulaw", { type: "audio/pcmu" }],
  ["g711_alaw", { type: "audio/pcma" }],
]);
/** Formats of the model's audio, which has other rates under names of their own, as documented. */
const OUTPUT_FORMATS: ReadonlyMap<string, Fields> = new Map([
  ...INPUT_FORMATS,
  ["pcm16_8000hz", pcmAt(8000)],
  ["pcm16_16000hz", pcmAt(16_000)],
]);

/** Places of settings in the GA API, and in Voice Live. */
const PLACES: readonly (readonly [ga: string, flat: string])[] = [
  ["audio.input.format.rate", "input_audio_sampling_rate"],
  ["audio.input.format.type", "input_audio_format"],
  ["audio.output.format.type", "output_audio_format"],
  ["audio.input.transcription", "input_audio_transcription"],
  ["audio.input.noise_reduction", "input_audio_noise_reduction"],
  ["audio.input.turn_detection", "turn_detection"],
  ["audio.output.voice", "voice"],
  ["session.max_output_tokens", "session.max_response_output_tokens"],
  ["output_modalities", "modalities"],
];

/** A session as Voice Live shows it. */
export function flatSession(
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
    input_audio_format: inputFormatName(input.format),
    output_audio_format: outputFormatName(output.format),
    input_audio_transcription: isRecord(input.transcription)
      ? { ...input.transcription, ...shownSettings(input.transcription, OWN_TRANSCRIPTION_SETTINGS) }
      : null,
    input_audio_noise_reduction: isRecord(input.noise_reduction) ? { type: typeOf(input.noise_reduction) } : null,
    turn_detection: isRecord(input.turn_detection) ? flatTurns(input.turn_detection) : null,
    max_response_output_tokens: max_output_tokens,
    input_audio_sampling_rate: rateOf(input.format),
    ...shownSettings(rest, OWN_SESSION_SETTINGS),
  };
  return inOrder(flat, SESSION_ORDER, ["include"]);
}

/** Turn detection as Voice Live shows it. */
function flatTurns(turns: Fields): Fields {
  return {
    ...inOrder(turns, [], ["idle_timeout_ms"]),
    type: typeOf(turns),
    ...shownSettings(turns, OWN_TURN_SETTINGS),
  };
}

/** A session of Voice Live in the shape of the GA API; fields that are in that shape already stay. */
export function nestedSession(session: Fields): Fields {
  return { type: "realtime", ...hideSettings(nested(session), OWN_SESSION_SETTINGS, "session") };
}

/** The same of the settings of a response. */
export function nestedResponse({ append_input_items, commit, input_items, ...response }: Fields): Fields {
  const { pre_generated_assistant_message: said, ...rest } = response;
  const known = defined({
    ...rest,
    conversation: commit === false ? "none" : rest.conversation,
    input: append_input_items ?? input_items ?? rest.input,
    addsInput: append_input_items ? true : undefined,
  });
  const hidden = hideSettings(hideFields(nested(known), ["addsInput"]), OWN_RESPONSE_SETTINGS, "response");
  return said === undefined || said === null
    ? hidden
    : sayingResponse(hidden, said, "response.pre_generated_assistant_message");
}

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
    input_audio_sampling_rate: rate,
    turn_detection: turns,
    ...rest
  } = flat;
  const audio = record(rest.audio);
  const input = defined({
    ...record(audio.input),
    format: inputFormatOf(input_audio_format, rate),
    transcription: isRecord(input_audio_transcription)
      ? hideSettings(input_audio_transcription, OWN_TRANSCRIPTION_SETTINGS, "session.input_audio_transcription")
      : input_audio_transcription,
    noise_reduction: withoutOwnType(input_audio_noise_reduction, "far_field"),
    turn_detection: nestedTurns(turns),
  });
  const output = defined({
    ...record(audio.output),
    format: outputFormatOf(output_audio_format),
    voice: nestedVoice(voice),
  });
  const parts = { ...Object.keys(input).length > 0 && { input }, ...Object.keys(output).length > 0 && { output } };
  return defined({
    ...rest,
    output_modalities: Array.isArray(modalities) ? [modalities.includes("audio") ? "audio" : "text"] : modalities,
    ...max_response_output_tokens !== undefined && { max_output_tokens: max_response_output_tokens },
    ...Object.keys(parts).length > 0 && { audio: parts },
  });
}

/** Voice Live's own kinds of turn detection are heard as `server_vad`. */
function nestedTurns(turns: unknown): unknown {
  const known = withoutOwnType(turns, "server_vad");
  if (!isRecord(known)) return known;
  const settings = hideSettings(known, OWN_TURN_SETTINGS, "session.turn_detection");
  return settings.type === "server_vad" ? hideFields({ ...settings, defaults: TURN_DEFAULTS }, ["defaults"]) : settings;
}

/** A voice by its name; one that is not OpenAI's keeps its settings. */
function nestedVoice(voice: unknown): unknown {
  if (!isRecord(voice) || typeof voice.name !== "string") return voice;
  if (voice.type === undefined || voice.type === "openai") return voice.name;
  return hideFields({ id: voice.name, settings: voice }, ["settings"]);
}

/** Settings of a kind that only Voice Live has, as those of another kind. */
function withoutOwnType(settings: unknown, type: string): unknown {
  if (!isRecord(settings)) return settings;
  const isOwn = String(settings.type).startsWith("azure_");
  const known = isOwn ? { ...settings, type } : settings;
  return hideFields({ ...known, ownType: isOwn ? settings.type : undefined }, ["ownType"]);
}

/** The kind of settings, which may be one that only Voice Live has. */
function typeOf(settings: Fields): unknown {
  return hiddenField(settings, "ownType") ?? settings.type;
}

/** A format of the user's audio by its name and its rate; an unknown one is left to the check. */
function inputFormatOf(name: unknown, rate: unknown): Fields | undefined {
  if (name === undefined && rate === undefined) return undefined;
  const format = INPUT_FORMATS.get(String(name ?? "pcm16")) ?? { type: name };
  if (rate === undefined || !("rate" in format)) return format;
  return INPUT_RATES.includes(rate) ? pcmAt(rate) : { ...format, rate };
}

/** A format of the model's audio by its name; an unknown one is left to the check. */
function outputFormatOf(name: unknown): Fields | undefined {
  return name === undefined ? undefined : OUTPUT_FORMATS.get(String(name)) ?? { type: name };
}

/** PCM at a rate that the GA API does not take. */
function pcmAt(wireRate: unknown): Fields {
  return hideFields({ type: "audio/pcm", rate: 24_000, wireRate }, ["wireRate"]);
}

/** Samples per second of a format. */
function rateOf(format: unknown): unknown {
  const { rate = 8000 } = record(format);
  return hiddenField(format, "wireRate") ?? rate;
}

/** The path of a setting as Voice Live names it. */
export function flatParam(param: string): string {
  const [ga, flat] = PLACES.find(([ga]) => param.includes(ga)) ?? ["", ""];
  return param.replace(ga, flat).replace(/^response\.input\b/, "response.input_items");
}

/** A voice as Voice Live shows it: by its name, without an id. */
export function flatVoice(voice: unknown): unknown {
  const settings = hiddenField(voice, "settings");
  if (settings) return settings;
  const name = isRecord(voice) ? voice.id : voice;
  return name === undefined ? voice : { name, type: "openai" };
}

/** The name of a format of the user's audio. */
function inputFormatName(format: unknown): string | null {
  const { type } = record(format);
  return [...INPUT_FORMATS].find(([, known]) => known.type === type)?.[0] ?? null;
}

/** The name of a format of the model's audio. */
export function outputFormatName(format: unknown): string | null {
  const { type } = record(format);
  return [...OUTPUT_FORMATS].find(([, known]) => known.type === type && rateOf(known) === rateOf(format))?.[0] ?? null;
}

function defined(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function record(value: unknown): Fields {
  return isRecord(value) ? value : {};
}
