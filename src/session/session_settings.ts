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
import { isRecord } from "../_internal/wire.ts";
import type { RealtimeTool } from "../tools/mod.ts";

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

type Fields = { readonly [field: string]: unknown };

/**
 * The configuration for the wire that these settings stand for.
 *
 * @throws {TypeError} when a shorthand and `session` set the same field.
 */
export function toSessionConfig(settings: SessionSettings, type: SessionConfig["type"]): SessionConfig {
  const { turnDetection, tools, session = {} } = settings;
  const shorthands: readonly (readonly [name: string, path: readonly string[], value: unknown])[] = [
    ["instructions", ["instructions"], settings.instructions],
    ["voice", ["audio", "output", "voice"], settings.voice],
    [
      "turnDetection",
      ["audio", "input", "turn_detection"],
      typeof turnDetection === "string" ? { type: turnDetection } : turnDetection,
    ],
    ["transcription", ["audio", "input", "transcription"], settings.transcription],
    ["noiseReduction", ["audio", "input", "noise_reduction"], settings.noiseReduction],
    ["outputModalities", ["output_modalities"], settings.outputModalities],
    ["reasoning", ["reasoning"], settings.reasoning],
  ];
  let config = session as Fields;
  for (const [name, path, value] of shorthands) {
    if (value !== undefined) config = withField(config, path, value, name);
  }
  if (tools && tools.length > 0) {
    const hosted = (config.tools ?? []) as readonly unknown[];
    config = { ...config, tools: [...hosted, ...tools.map((tool) => tool.definition)] };
  }
  return { type, ...config } as SessionConfig;
}

/** A copy of `fields` with `value` at `path`, which must be unset. */
function withField(fields: Fields, [name, ...rest]: readonly string[], value: unknown, shorthand: string): Fields {
  const current = fields[name!];
  if (rest.length > 0) {
    return { ...fields, [name!]: withField((current ?? {}) as Fields, rest, value, shorthand) };
  }
  if (current !== undefined) {
    throw new TypeError(`Cannot configure the session as both ${shorthand} and session set ${name}: give one of them`);
  }
  return { ...fields, [name!]: value };
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
