// This module is browser compatible.
import type { AudioFormat } from "./audio_format.ts";
import type { Include, MaxOutputTokens, OutputModality, RealtimeModel, Reasoning } from "./generation.ts";
import type { NoiseReduction } from "./noise_reduction.ts";
import type { Prompt, Tracing } from "./prompt.ts";
import type { Tool, ToolChoice } from "../tools/tool.ts";
import type { TranscriptionConfig } from "./transcription.ts";
import type { Truncation } from "./truncation.ts";
import type { TurnDetection } from "./turn_detection.ts";
import type { Voice } from "./voice.ts";

/**
 * Input settings of a session.
 *
 * @category Session
 */
export interface AudioInputConfig {
  /** Encoding of the audio that is sent. */
  readonly format?: AudioFormat | undefined;
  /** Noise filter; null switches it off. */
  readonly noise_reduction?: NoiseReduction | null | undefined;
  /** Transcription of the user's speech; null disables it. */
  readonly transcription?: TranscriptionConfig | null | undefined;
  /** Turn detection; null leaves turns to the client, which commits audio and requests responses itself. */
  readonly turn_detection?: TurnDetection | null | undefined;
}

/**
 * How a session speaks.
 *
 * @category Session
 */
export interface AudioOutputConfig {
  /** Encoding of the audio that is received. */
  readonly format?: AudioFormat | undefined;
  /** Speed of speech, 0.25 to 1.5; can be changed between responses only. */
  readonly speed?: number | undefined;
  /** The voice that speaks; cannot be changed once the model has spoken. */
  readonly voice?: Voice | undefined;
}

/**
 * Audio of a conversation session.
 *
 * @category Session
 */
export interface AudioConfig {
  /** Input settings. */
  readonly input?: AudioInputConfig | undefined;
  /** How the model speaks. */
  readonly output?: AudioOutputConfig | undefined;
}

/**
 * Settings of a conversation session, for `session.update` and for the REST calls that create one. Absent settings stay
 * as they are. `undefined` is absent; null is sent.
 *
 * @category Session
 */
export interface RealtimeSessionConfig {
  /** Kind of session; cannot be changed. */
  readonly type: "realtime";
  /** Audio in and out. */
  readonly audio?: AudioConfig | undefined;
  /** Extra data for the server to include in its events. */
  readonly include?: readonly Include[] | undefined;
  /** System prompt. An empty string brings back the server's own, which `session.created` shows. */
  readonly instructions?: string | undefined;
  /**
   * Maximum number of tokens of one response, including tool calls: 1 to 4 096, or `"inf"`.
   *
   * @default {"inf"}
   */
  readonly max_output_tokens?: MaxOutputTokens | undefined;
  /** Model; only when the session is created, it cannot be changed. */
  readonly model?: RealtimeModel | undefined;
  /**
   * Modality of the answer: exactly one of audio and text.
   *
   * @default {["audio"]}
   */
  readonly output_modalities?: readonly OutputModality[] | undefined;
  /** Whether the model may call several tools at once; reasoning models only. */
  readonly parallel_tool_calls?: boolean | undefined;
  /** Prompt template; null removes it. */
  readonly prompt?: Prompt | null | undefined;
  /** Settings of reasoning models. */
  readonly reasoning?: Reasoning | null | undefined;
  /**
   * Tool that must be used, if any.
   *
   * @default {"auto"}
   */
  readonly tool_choice?: ToolChoice | undefined;
  /** Tools the model may use; an empty list removes all. */
  readonly tools?: readonly Tool[] | undefined;
  /** Tracing; null switches it off. It cannot be changed once on. */
  readonly tracing?: Tracing | null | undefined;
  /** Truncation of a conversation that outgrows the model's context. */
  readonly truncation?: Truncation | undefined;
}

/**
 * Audio of a transcription session.
 *
 * @category Session
 */
export interface TranscriptionAudioConfig {
  /** Input settings. */
  readonly input?: AudioInputConfig | undefined;
}

/**
 * Settings of a transcription session: audio in, transcripts out, no model that answers.
 *
 * @category Session
 */
export interface TranscriptionSessionConfig {
  /** Kind of session; cannot be changed. */
  readonly type: "transcription";
  /** Audio in. Its `transcription.model` chooses the model. */
  readonly audio?: TranscriptionAudioConfig | undefined;
  /** Extra data for the server to include in its events. */
  readonly include?: readonly Include[] | undefined;
}

/**
 * Settings of a session, for `session.update` and for the REST calls that create one.
 *
 * @category Session
 */
export type SessionConfig = RealtimeSessionConfig | TranscriptionSessionConfig;
