// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";

/**
 * Model of a conversation session.
 *
 * @category Session
 */
export type RealtimeModel = OpenEnum<
  | "gpt-realtime"
  | "gpt-realtime-1.5"
  | "gpt-realtime-2"
  | "gpt-realtime-2.1"
  | "gpt-realtime-2.1-mini"
  | "gpt-realtime-2025-08-28"
  | "gpt-4o-realtime-preview"
  | "gpt-4o-realtime-preview-2024-10-01"
  | "gpt-4o-realtime-preview-2024-12-17"
  | "gpt-4o-realtime-preview-2025-06-03"
  | "gpt-4o-mini-realtime-preview"
  | "gpt-4o-mini-realtime-preview-2024-12-17"
  | "gpt-realtime-mini"
  | "gpt-realtime-mini-2025-10-06"
  | "gpt-realtime-mini-2025-12-15"
  | "gpt-audio-1.5"
  | "gpt-audio-mini"
  | "gpt-audio-mini-2025-10-06"
  | "gpt-audio-mini-2025-12-15"
>;

/**
 * Modality of an answer. Audio always comes with its transcript.
 *
 * @category Session
 */
export type OutputModality = "text" | "audio";

/**
 * Maximum number of tokens of one response, including tool calls: 1 to 4 096, or `"inf"` for the model's maximum.
 *
 * @category Session
 */
export type MaxOutputTokens = number | "inf";

/**
 * Reasoning effort before the answer.
 *
 * @category Session
 */
export type ReasoningEffort = "minimal" | "low" | "medium" | "high" | "xhigh";

/**
 * Settings of reasoning models such as `gpt-realtime-2`.
 *
 * @category Session
 */
export interface Reasoning {
  /**
   * Reasoning effort before the answer.
   *
   * @default {"low"}
   */
  readonly effort?: ReasoningEffort | undefined;
}

/**
 * Settings of reasoning models as the server reports them.
 *
 * @category Session
 */
export interface EffectiveReasoning {
  /** Reasoning effort before the answer. */
  readonly effort?: OpenEnum<ReasoningEffort> | null | undefined;
}

/**
 * Up to 16 pairs of strings attached to an object: keys of at most 64 characters, values of at most 512.
 *
 * @category Session
 */
export type Metadata = Readonly<Record<string, string>>;

/**
 * Extra data that the server can include in its events.
 *
 * @category Session
 */
export type Include = "item.input_audio_transcription.logprobs";
