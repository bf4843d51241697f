// This module is browser compatible.
import type {
  NoiseReduction,
  OutputModality,
  RealtimeSessionConfig,
  Reasoning,
  SessionConfig,
  TranscriptionConfig,
  TranscriptionSessionConfig,
  TurnDetection,
  Voice,
} from "../protocol/mod.ts";
import { at, isRecord } from "../_internal/wire.ts";
import { InvalidEventError } from "../errors.ts";
import type { RealtimeTool } from "../tools/mod.ts";
import { withShorthands } from "./_with_shorthands.ts";

/** A session's configuration whose `type` may be left out: it is that of the session then. */
export type SessionChanges =
  | SessionConfig
  | Omit<RealtimeSessionConfig, "type">
  | Omit<TranscriptionSessionConfig, "type">;

/** What a session is like, in the shortest form: `session` in the wire's words, or a shorthand for a part of it. */
export interface SessionSettings {
  /** The wire's own configuration, everything in it. */
  session?: SessionChanges | undefined;
  /** System prompt; short for `session.instructions`. */
  instructions?: string | undefined;
  /** Voice that speaks; short for `session.audio.output.voice`. */
  voice?: Voice | undefined;
  /** Functions that the model can call, and that the session runs. Hosted tools go into `session.tools`. */
  tools?: readonly RealtimeTool[] | undefined;
  /**
   * How turns are found: a kind with the server's defaults, everything in detail, or null for none; short for
   * `session.audio.input.turn_detection`.
   */
  turnDetection?: "server_vad" | "semantic_vad" | TurnDetection | null | undefined;
  /** Transcription of what the user says, null for none; short for `session.audio.input.transcription`. */
  transcription?: TranscriptionConfig | null | undefined;
  /** Noise filter, null for none; short for `session.audio.input.noise_reduction`. */
  noiseReduction?: NoiseReduction | null | undefined;
  /** `["audio"]` or `["text"]`; short for `session.output_modalities`. */
  outputModalities?: readonly OutputModality[] | undefined;
  /** Settings of reasoning models; short for `session.reasoning`. */
  reasoning?: Reasoning | undefined;
}

/**
 * The configuration for the wire that these settings stand for, but for `tools`, which their part adds.
 *
 * @throws {TypeError} when a shorthand and `session` set the same field.
 */
export function toSessionConfig(settings: SessionSettings, type: SessionConfig["type"]): SessionConfig {
  const { turnDetection, session = {} } = settings;
  const detection = typeof turnDetection === "string" ? { type: turnDetection } : turnDetection;
  return { type, ...withShorthands(session, { ...settings, turnDetection: detection }) } as SessionConfig;
}

/**
 * Checks that a session whose model has spoken keeps its voice.
 *
 * @throws {InvalidEventError} when `config` sets another voice than `effective` has.
 */
export function checkVoice(config: SessionConfig, effective: unknown): void {
  const path = ["audio", "output", "voice"];
  const voice = at(effective, ...path);
  const value = at(config, ...path);
  if (!contradicts(value, voice)) return;
  const message = `must stay ${JSON.stringify(voice)} as the model has spoken: current value is ${
    JSON.stringify(value)
  }`;
  throw new InvalidEventError("session.update", [{ path: `session.${path.join(".")}`, message, value }]);
}

/** Whether a scalar of `config` is another one in `effective`, which is then the answer to somebody else's update. */
export function contradicts(config: unknown, effective: unknown): boolean {
  if (config === undefined || effective === undefined) return false;
  if (isRecord(config)) {
    return isRecord(effective) && Object.keys(config).some((name) => contradicts(config[name], effective[name]));
  }
  // The server keeps numbers with less precision, and an empty prompt stands for its own.
  if (typeof config === "number") return Math.fround(config) !== Math.fround(Number(effective));
  return !Array.isArray(config) && config !== "" && config !== effective;
}
