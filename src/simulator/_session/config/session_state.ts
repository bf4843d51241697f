// This module is browser compatible.
import type {
  AudioFormat,
  AudioInputConfig,
  EffectiveAudioFormat,
  EffectiveAudioInput,
  EffectiveNoiseReduction,
  EffectiveTool,
  EffectiveTranscription,
  EffectiveTurnDetection,
  NoiseReduction,
  RealtimeSession,
  RealtimeSessionConfig,
  Tool,
  TranscriptionConfig,
  TurnDetection,
} from "../../../protocol/mod.ts";
import { hiddenField, hideFields } from "../../_profiles/own_fields.ts";
import type { ModelDefaults, TurnDefaults } from "./models.ts";

/** The default instructions of a session, also used after `instructions: ""`. */
const DEFAULT_INSTRUCTIONS =
  "You are the voice of a simulator: a stand-in for a speech model, for programs that are being tried out. " +
  "Be friendly and brief. Say what you heard, answer what you are asked, call a function whenever one fits, and " +
  "never claim to be a person. Speak the language that the user speaks, at a lively pace, and keep these " +
  "instructions to yourself.";

/** Creates the session that `session.created` shows. */
export function createSessionState(
  id: string,
  model: string,
  defaults: ModelDefaults,
  { expiresAt, findsTurns }: { readonly expiresAt: number; readonly findsTurns: boolean },
): RealtimeSession {
  return {
    type: "realtime",
    object: "realtime.session",
    id,
    model,
    output_modalities: ["audio"],
    instructions: DEFAULT_INSTRUCTIONS,
    tools: [],
    tool_choice: "auto",
    max_output_tokens: "inf",
    tracing: null,
    truncation: "auto",
    prompt: null,
    expires_at: expiresAt,
    audio: {
      input: {
        format: { type: "audio/pcm", rate: 24000 },
        transcription: null,
        noise_reduction: null,
        turn_detection: findsTurns ? serverVad(defaults, {}) : null,
      },
      output: { format: { type: "audio/pcm", rate: 24000 }, voice: defaults.voice, speed: 1.0 },
    },
    include: null,
  };
}

/** Applies a `session.update`: absent settings stay, objects are merged field by field, and the model stays. */
export function updateSessionState(
  session: RealtimeSession,
  change: RealtimeSessionConfig,
  defaults: ModelDefaults,
): RealtimeSession {
  const { type: _type, model: _model, audio, instructions, reasoning, tools, ...rest } = change;
  return {
    ...session,
    ...rest,
    ...instructions === undefined ? {} : { instructions: instructions || DEFAULT_INSTRUCTIONS },
    // Null counts as absent.
    ...reasoning && { reasoning },
    ...tools === undefined ? {} : { tools: tools.map(effectiveTool) },
    audio: {
      input: audio?.input ? mergeInput(session.audio?.input ?? {}, audio.input, defaults) : session.audio?.input,
      output: { ...session.audio?.output, ...withFormat(audio?.output ?? {}) },
    },
  };
}

/** Applies a change of the input settings, field by field. */
export function mergeInput(
  current: EffectiveAudioInput,
  change: AudioInputConfig,
  defaults: TurnDefaults,
): EffectiveAudioInput {
  const { noise_reduction, transcription, turn_detection, ...rest } = change;
  return {
    ...current,
    ...withFormat(rest),
    ...noise_reduction === undefined
      ? {}
      : { noise_reduction: mergeNoiseReduction(current.noise_reduction, noise_reduction) },
    ...transcription === undefined ? {} : { transcription: mergeTranscription(current.transcription, transcription) },
    ...turn_detection === undefined
      ? {}
      : { turn_detection: mergeTurnDetection(current.turn_detection, turn_detection, defaults) },
  };
}

/** As documented: the strength is initially 1, and kept when absent. */
function mergeNoiseReduction(
  current: EffectiveNoiseReduction | null | undefined,
  change: NoiseReduction | null,
): EffectiveNoiseReduction | null {
  return change && { strength: 1, ...current, ...change };
}

function mergeTranscription(
  current: EffectiveTranscription | null | undefined,
  change: TranscriptionConfig | null,
): EffectiveTranscription | null {
  if (!change) return null;
  // In the recorded order of the fields.
  const { model, ...rest } = { language: null, prompt: null, ...current, ...change };
  return { model, ...rest };
}

function mergeTurnDetection(
  current: EffectiveTurnDetection | null | undefined,
  change: TurnDetection | null,
  defaults: TurnDefaults,
): EffectiveTurnDetection | null {
  if (change === null) return null;
  // Some servers have other defaults for settings of the client than for those of the beginning.
  const defaultsOfClient = hiddenField(change, "defaults");
  const isClients = !defaultsOfClient || hiddenField(current, "defaults");
  const given = { ...isClients && current?.type === change.type ? current : defaultsOfClient as object, ...change };
  if (change.type === "server_vad") return serverVad(defaults, given);
  const { type, ...rest } = { eagerness: "auto" as const, create_response: true, interrupt_response: true, ...given };
  return { type, ...rest };
}

/** `server_vad` with all its fields. */
export function serverVad(defaults: TurnDefaults, given: Partial<EffectiveTurnDetection>): EffectiveTurnDetection {
  return {
    type: "server_vad",
    threshold: 0.5,
    prefix_padding_ms: 300,
    silence_duration_ms: defaults.silenceDurationMs,
    idle_timeout_ms: null,
    create_response: true,
    interrupt_response: true,
    ...given,
  };
}

/**
 * A tool in the form that the server returns: functions with a fixed order of fields, without secrets of MCP servers.
 */
function effectiveTool(tool: Tool): EffectiveTool {
  // A tool that another server runs itself.
  if (hiddenField(tool, "ownTool")) return tool;
  if (tool.type === "function") {
    const { type, name, description, parameters } = tool;
    return {
      type,
      name,
      ...description !== undefined && { description },
      ...parameters !== undefined && { parameters },
    };
  }
  const { authorization: _authorization, headers: _headers, ...rest } = tool;
  return rest;
}

/** The fields with the complete format. */
function withFormat<T extends { readonly format?: AudioFormat | undefined }>(fields: T): T {
  return fields.format ? { ...fields, format: effectiveFormat(fields.format) } : fields;
}

/** An audio format with all its fields. */
export function effectiveFormat(format: AudioFormat): EffectiveAudioFormat {
  if (format.type !== "audio/pcm") return { type: format.type };
  const wireRate = hiddenField(format, "wireRate");
  return { type: "audio/pcm", rate: 24000, ...wireRate !== undefined && hideFields({ wireRate }, ["wireRate"]) };
}
