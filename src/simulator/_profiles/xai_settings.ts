// This module is browser compatible.
import { isRecord } from "../../_internal/wire.ts";
import { invalidValue } from "../_errors/server_error.ts";
import { OTHER_PCM_RATES } from "../_session/input/audio_codec.ts";
import type { Fields } from "./frame_shape.ts";
import { hideFields } from "./own_fields.ts";
import { hideSettings, type OwnSettings } from "./own_settings.ts";

/** Tools that xAI runs itself, as documented. */
const OWN_TOOLS: readonly unknown[] = ["web_search", "x_search", "file_search"];

/** Settings of a session that only xAI has: the first as documented, the others as its session reports them. */
export const XAI_SESSION_SETTINGS: OwnSettings = {
  reasoning: { kind: "object" },
  replace: { kind: "object" },
  resumption: { kind: "object" },
  enable_noise_suppression: { kind: "boolean", initial: true },
  enable_phonetic_spelling: { kind: "boolean", initial: false },
  keep_context: { kind: "boolean", initial: false },
  temperature: { kind: "number", initial: -1 },
};
/** Settings of transcription that only xAI has, as documented. */
const TRANSCRIPTION_SETTINGS: OwnSettings = { language_hint: { kind: "string" }, keyterms: { kind: "array" } };

/**
 * Translates a session of xAI to the shape of the GA API: it has no type, and turn detection and voice are outside the
 * audio.
 *
 * @param transcriptionModel model of a transcription that names none.
 * @throws {ServerError} when a setting that only xAI has is of a wrong type, or the audio is to be sent in binary frames.
 */
export function xaiSettings(session: Fields, transcriptionModel: string): Fields {
  const { input_audio_transcription, max_response_output_tokens, tools, turn_detection, voice, ...settings } = session;
  const rest = hideSettings(withOutputModalities(settings), XAI_SESSION_SETTINGS, "session");
  const { input, output } = record(rest.audio);
  const isOff = isRecord(turn_detection) && turn_detection.type === null;
  const transcription = record(input).transcription ?? input_audio_transcription;
  return {
    type: "realtime",
    ...rest,
    ...max_response_output_tokens !== undefined && { max_output_tokens: max_response_output_tokens },
    ...tools !== undefined && { tools: toolsOf(tools) },
    audio: merged(rest.audio, {
      input: merged(onWire(input, "input"), {
        ...turn_detection !== undefined && { turn_detection: isOff ? null : turn_detection },
        ...transcription !== undefined && { transcription: transcriptionOf(transcription, transcriptionModel) },
      }),
      output: merged(onWire(output, "output"), { ...voice !== undefined && { voice } }),
    }),
  };
}

/** The settings of a session or a response with their modalities under the name in the GA API. */
export function withOutputModalities({ modalities, ...rest }: Fields): Fields {
  if (modalities === undefined) return rest;
  const output = Array.isArray(modalities) ? [modalities.includes("audio") ? "audio" : "text"] : modalities;
  return { ...rest, output_modalities: output };
}

function transcriptionOf(settings: unknown, model: string): unknown {
  if (!isRecord(settings)) return settings;
  return hideSettings({ model, ...settings }, TRANSCRIPTION_SETTINGS, "session.audio.input.transcription");
}

/** Settings with others; those of a wrong type are left to the check. */
function merged(settings: unknown, others: Fields): unknown {
  return settings === undefined || isRecord(settings) ? { ...settings, ...others } : settings;
}

/** The settings of audio with a rate that the GA API knows, and without the kind of frames: the simulator has only one. */
function onWire(settings: unknown, side: "input" | "output"): unknown {
  if (!isRecord(settings)) return settings;
  const { transport = "json", ...rest } = settings;
  if (transport !== "json") throw invalidValue(`session.audio.${side}.transport`, transport, ["json"]);
  const { rate: wireRate, type } = record(rest.format);
  if (type !== "audio/pcm" || !OTHER_PCM_RATES.includes(wireRate as number)) return rest;
  return { ...rest, format: hideFields({ ...record(rest.format), rate: 24_000, wireRate }, ["wireRate"]) };
}

/** The tools of a session: those that xAI runs itself keep their places as functions that are not called. */
function toolsOf(tools: unknown): unknown {
  if (!Array.isArray(tools)) return tools;
  return tools.map((tool) =>
    isRecord(tool) && OWN_TOOLS.includes(tool.type)
      ? hideFields({ type: "function", name: tool.type, ownTool: tool }, ["ownTool"])
      : tool
  );
}

function record(value: unknown): Fields {
  return isRecord(value) ? value : {};
}
