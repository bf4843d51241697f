// This module is browser compatible.
import type {
  NoiseReduction,
  OutputModality,
  RealtimeSessionConfig,
  Reasoning,
  ResponseConfig,
  SessionConfig,
  TranscriptionConfig,
  TranscriptionSessionConfig,
  TurnDetection,
  Voice,
} from "../protocol/mod.ts";
import { checkRequiredOptions, joinNames, type OptionNames } from "../_internal/check_options.ts";
import { at, isRecord } from "../_internal/wire.ts";
import { InvalidEventError } from "../errors.ts";
import type { RealtimeTool } from "../tools/mod.ts";
import { fromSettings, withShorthands } from "./_with_shorthands.ts";

/**
 * A session's configuration whose `type` is optional: by default that of the session.
 *
 * @category Sessions
 */
export type SessionChanges =
  | SessionConfig
  | Omit<RealtimeSessionConfig, "type">
  | Omit<TranscriptionSessionConfig, "type">;

/**
 * The shorthands of {@linkcode SessionSettings} whose spelling differs from the wire.
 *
 * @category Sessions
 */
export type SessionShorthands = Pick<
  SessionSettings,
  "noiseReduction" | "outputModalities" | "transcription" | "turnDetection" | "voice"
>;

/**
 * Changes of a session: wire fields, or the shorthands of {@linkcode SessionSettings} for them.
 *
 * @category Sessions
 */
export type SessionUpdate = SessionChanges & SessionShorthands;

/**
 * Settings of a session: `session` in wire fields, or shorthands for some of them.
 *
 * @category Sessions
 */
export interface SessionSettings {
  /** The full configuration in the form of the wire. */
  session?: SessionChanges | undefined;
  /** System prompt; short for `session.instructions`. */
  instructions?: string | undefined;
  /** Voice of the model; short for `session.audio.output.voice`. */
  voice?: Voice | undefined;
  /** Functions that the model can call, and that the session runs. Hosted tools go into `session.tools`. */
  tools?: readonly RealtimeTool[] | undefined;
  /**
   * Turn detection: a type with the server's defaults, the full configuration, or null for none; short for
   * `session.audio.input.turn_detection`.
   */
  turnDetection?: "server_vad" | "semantic_vad" | TurnDetection | null | undefined;
  /** Transcription of the user's speech, null for none; short for `session.audio.input.transcription`. */
  transcription?: TranscriptionConfig | null | undefined;
  /** Noise filter, null for none; short for `session.audio.input.noise_reduction`. */
  noiseReduction?: NoiseReduction | null | undefined;
  /** `["audio"]` or `["text"]`; short for `session.output_modalities`. */
  outputModalities?: readonly OutputModality[] | undefined;
  /** Settings of reasoning models; short for `session.reasoning`. */
  reasoning?: Reasoning | undefined;
}

const SHORTHAND_NAMES: OptionNames<SessionShorthands> = {
  noiseReduction: 1,
  outputModalities: 1,
  transcription: 1,
  turnDetection: 1,
  voice: 1,
};

/** Names of the {@linkcode SessionSettings} of every session, for `checkOptions`. */
export const SETTING_NAMES = /* @__PURE__ */ joinNames((): OptionNames<Omit<SessionSettings, "tools">> => ({
  ...SHORTHAND_NAMES,
  instructions: 1,
  reasoning: 1,
  session: 1,
}));

/** Names of the wire fields shared by sessions and responses, for `checkOptions`. */
export const GENERATION_NAMES: OptionNames<
  Pick<RealtimeSessionConfig, keyof RealtimeSessionConfig & keyof ResponseConfig>
> = {
  audio: 1,
  instructions: 1,
  max_output_tokens: 1,
  output_modalities: 1,
  parallel_tool_calls: 1,
  prompt: 1,
  reasoning: 1,
  tool_choice: 1,
  tools: 1,
};

/**
 * The wire configuration of these settings, except `tools`, which their part adds.
 *
 * @throws {TypeError} when a shorthand and `session` set the same field.
 */
export function toSessionConfig(settings: SessionSettings, type: SessionConfig["type"]): SessionConfig {
  return { type, ...withShorthands(settings.session ?? {}, settings, "session.") } as SessionConfig;
}

const UPDATE_NAMES = /* @__PURE__ */ joinNames((): OptionNames<RealtimeSessionConfig & SessionShorthands> => ({
  ...SHORTHAND_NAMES,
  ...GENERATION_NAMES,
  include: 1,
  model: 1,
  tracing: 1,
  truncation: 1,
  type: 1,
}));

/**
 * The wire configuration of an update.
 *
 * @throws {TypeError} when a name is unknown, or a shorthand and a wire field set the same value.
 */
export function toSessionChanges(update: SessionUpdate): SessionChanges {
  checkRequiredOptions("update the session", update, UPDATE_NAMES);
  return fromSettings(update) as SessionChanges;
}

/**
 * Checks that a session keeps its model and, once the model has spoken, its voice.
 *
 * @throws {InvalidEventError} when `config` differs from `effective` in one of them.
 */
export function checkFixedFields(config: SessionConfig, effective: unknown, hasSpoken: boolean): void {
  checkFixed(config, effective, ["model"], "it cannot be changed");
  if (hasSpoken) checkFixed(config, effective, ["audio", "output", "voice"], "the model has spoken");
}

function checkFixed(config: SessionConfig, effective: unknown, path: readonly string[], why: string): void {
  const fixed = at(effective, ...path);
  const value = at(config, ...path);
  if (!contradicts(value, fixed)) return;
  const message = `must stay ${JSON.stringify(fixed)} as ${why}: current value is ${JSON.stringify(value)}`;
  throw new InvalidEventError("session.update", [{ path: `session.${path.join(".")}`, message, value }]);
}

/** Whether a scalar of `config` differs in `effective`, which is then the answer to another client's update. */
export function contradicts(config: unknown, effective: unknown): boolean {
  if (config === undefined || effective === undefined) return false;
  if (isRecord(config)) {
    return isRecord(effective) && Object.keys(config).some((name) => contradicts(config[name], effective[name]));
  }
  // The server stores numbers with less precision, and replaces an empty prompt by its own.
  if (typeof config === "number") return Math.fround(config) !== Math.fround(Number(effective));
  return !Array.isArray(config) && config !== "" && config !== effective;
}
