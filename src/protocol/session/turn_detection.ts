// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";

/**
 * Delay of semantic turn detection at the end of the user's turn: it waits at most 8 s, 4 s, 2 s; auto is medium.
 *
 * @category Session
 */
export type VadEagerness = "low" | "medium" | "high" | "auto";

/**
 * Fields of both kinds of turn detection.
 *
 * @category Session
 */
export interface TurnDetectionBase {
  /**
   * Whether the end of a turn starts a response. With this and `interrupt_response` both false, the server only reports
   * speech.
   *
   * @default {true}
   */
  readonly create_response?: boolean | undefined;
  /**
   * Whether speech cancels the response that is being made in the default conversation.
   *
   * @default {true}
   */
  readonly interrupt_response?: boolean | undefined;
}

/**
 * Turn detection by loudness: a turn begins with speech and ends with silence.
 *
 * @category Session
 */
export interface ServerVad extends TurnDetectionBase {
  /** Kind of turn detection. */
  readonly type: "server_vad";
  /**
   * Loudness of speech, 0 to 1; higher values require louder speech.
   *
   * @default {0.5}
   */
  readonly threshold?: number | undefined;
  /**
   * Milliseconds of audio from before the detected speech that belong to the turn.
   *
   * @default {300}
   */
  readonly prefix_padding_ms?: number | undefined;
  /**
   * Milliseconds of silence that end a turn. The default depends on the model: 200 for `gpt-realtime`, 500 for
   * `gpt-realtime-2.1`.
   */
  readonly silence_duration_ms?: number | undefined;
  /**
   * Milliseconds without speech, 5 000 to 30 000, after the last response has been played, after which the model
   * responds; with null or without it, the server waits indefinitely. Announced by
   * `input_audio_buffer.timeout_triggered`.
   */
  readonly idle_timeout_ms?: number | null | undefined;
}

/**
 * Turn detection by meaning: a model judges whether the user has finished.
 *
 * @category Session
 */
export interface SemanticVad extends TurnDetectionBase {
  /** Kind of turn detection. */
  readonly type: "semantic_vad";
  /**
   * Eagerness to end the user's turn.
   *
   * @default {"auto"}
   */
  readonly eagerness?: VadEagerness | undefined;
}

/**
 * How the server finds the turns in the user's audio. Null instead of one of these switches it off.
 *
 * @category Session
 */
export type TurnDetection = ServerVad | SemanticVad;

/**
 * Turn detection as the server reports it, kinds newer than this version included.
 *
 * @category Session
 */
export interface EffectiveTurnDetection {
  /** Kind of turn detection. */
  readonly type: OpenEnum<TurnDetection["type"]>;
  /** Whether the end of a turn starts a response. */
  readonly create_response?: boolean | null | undefined;
  /** Whether speech cancels the response that is being made. */
  readonly interrupt_response?: boolean | null | undefined;
  /** Loudness of speech, 0 to 1; `server_vad` only. */
  readonly threshold?: number | null | undefined;
  /** Milliseconds of audio from before the detected speech that belong to the turn; `server_vad` only. */
  readonly prefix_padding_ms?: number | null | undefined;
  /** Milliseconds of silence that end a turn; `server_vad` only. */
  readonly silence_duration_ms?: number | null | undefined;
  /** Milliseconds without speech that make the model speak up, or null; `server_vad` only. */
  readonly idle_timeout_ms?: number | null | undefined;
  /** Eagerness to end the user's turn; `semantic_vad` only. */
  readonly eagerness?: OpenEnum<VadEagerness> | null | undefined;
}
