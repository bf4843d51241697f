// This module is browser compatible.
import type { EffectiveAudioFormat } from "./audio_format.ts";
import type { EffectiveTool, EffectiveToolChoice, UnknownTool } from "../tools/effective_tool.ts";
import type { EffectiveReasoning, Include, MaxOutputTokens, OutputModality, RealtimeModel } from "./generation.ts";
import type { EffectiveNoiseReduction } from "./noise_reduction.ts";
import type { OpenEnum } from "../open_enum.ts";
import type { EffectivePrompt, EffectiveTracing } from "./prompt.ts";
import type { EffectiveTranscription } from "./transcription.ts";
import type { EffectiveTruncation } from "./truncation.ts";
import type { EffectiveTurnDetection } from "./turn_detection.ts";
import type { Voice } from "./voice.ts";
import type { UnknownKind } from "../unknown_kind.ts";

/**
 * Input settings of the session, as the server reports them.
 *
 * @category Session
 */
export interface EffectiveAudioInput {
  /** Encoding of the audio that is sent. */
  readonly format?: EffectiveAudioFormat | null | undefined;
  /** Noise filter, or null. */
  readonly noise_reduction?: EffectiveNoiseReduction | null | undefined;
  /** Transcription, or null. */
  readonly transcription?: EffectiveTranscription | null | undefined;
  /** How turns are found, or null. */
  readonly turn_detection?: EffectiveTurnDetection | null | undefined;
}

/**
 * How the session speaks, as the server reports it.
 *
 * @category Session
 */
export interface EffectiveAudioOutput {
  /** Encoding of the audio that is received. */
  readonly format?: EffectiveAudioFormat | null | undefined;
  /** Speed of speech. */
  readonly speed?: number | null | undefined;
  /** The voice that speaks. */
  readonly voice?: Voice | null | undefined;
}

/**
 * Audio of the session, as the server reports it.
 *
 * @category Session
 */
export interface EffectiveAudio {
  /** Input settings. */
  readonly input?: EffectiveAudioInput | null | undefined;
  /** How the model speaks; absent in a transcription session. */
  readonly output?: EffectiveAudioOutput | null | undefined;
}

/**
 * Fields of every session, as the server reports it.
 *
 * @category Session
 */
export interface SessionBase {
  /** Identifier, e.g. `sess_1234`. */
  readonly id?: string | null | undefined;
  /** Unix time in seconds at which the session ends, an hour after it began. 0 in the answer to a client secret. */
  readonly expires_at?: number | null | undefined;
  /** Audio in and out. */
  readonly audio?: EffectiveAudio | null | undefined;
  /** Extra data that the server includes in its events. */
  readonly include?: readonly OpenEnum<Include>[] | null | undefined;
}

/**
 * A conversation session with all effective settings, as reported by `session.created` and `session.updated`.
 *
 * @category Session
 */
export interface RealtimeSession extends SessionBase {
  /** Kind of session. */
  readonly type: "realtime";
  /** Kind of object. */
  readonly object?: OpenEnum<"realtime.session"> | null | undefined;
  /** Model that answers. */
  readonly model?: RealtimeModel | null | undefined;
  /** Modality of the answer. */
  readonly output_modalities?: readonly OpenEnum<OutputModality>[] | null | undefined;
  /** System prompt. */
  readonly instructions?: string | null | undefined;
  /** Tools the model may use. */
  readonly tools?: readonly (EffectiveTool | UnknownTool)[] | null | undefined;
  /** Tool that must be used, if any. */
  readonly tool_choice?: EffectiveToolChoice | null | undefined;
  /** Whether the model may call several tools at once. */
  readonly parallel_tool_calls?: boolean | null | undefined;
  /** Maximum number of tokens of one response. */
  readonly max_output_tokens?: MaxOutputTokens | null | undefined;
  /** Settings of reasoning models. */
  readonly reasoning?: EffectiveReasoning | null | undefined;
  /** Tracing, or null. */
  readonly tracing?: EffectiveTracing | null | undefined;
  /** Truncation of a conversation that outgrows the model's context. */
  readonly truncation?: EffectiveTruncation | null | undefined;
  /** Prompt template, or null. */
  readonly prompt?: EffectivePrompt | null | undefined;
}

/**
 * A transcription session with everything that is in effect.
 *
 * @category Session
 */
export interface TranscriptionSession extends SessionBase {
  /** Kind of session. */
  readonly type: "transcription";
  /** Kind of object. */
  readonly object?: OpenEnum<"realtime.transcription_session"> | null | undefined;
}

/**
 * A session of a kind newer than this version.
 *
 * @category Session
 */
export type UnknownSession = UnknownKind;

/**
 * A session as the server reports it, of a kind this version knows.
 *
 * @category Session
 */
export type EffectiveSession = RealtimeSession | TranscriptionSession;

/**
 * Whether a session is of a kind that this version knows.
 *
 * @category Session
 */
export function isKnownSession(session: { readonly type: string }): session is EffectiveSession {
  return session.type === "realtime" || session.type === "transcription";
}
