// This module is browser compatible.
import type { AudioFormat } from "../session/audio_format.ts";
import type { MaxOutputTokens, Metadata, OutputModality, Reasoning } from "../session/generation.ts";
import type { ResponseInputItem } from "../conversation/item_param.ts";
import type { OpenEnum } from "../open_enum.ts";
import type { Prompt } from "../session/prompt.ts";
import type { Tool, ToolChoice } from "../tools/tool.ts";
import type { Voice } from "../session/voice.ts";

/**
 * How one response speaks.
 *
 * @category Responses
 */
export interface ResponseAudioOutputConfig {
  /** Encoding of the audio that is received. */
  readonly format?: AudioFormat | undefined;
  /** The voice that speaks; cannot be changed once the model has spoken. */
  readonly voice?: Voice | undefined;
}

/**
 * Audio of one response.
 *
 * @category Responses
 */
export interface ResponseAudioConfig {
  /** How the model speaks. */
  readonly output?: ResponseAudioOutputConfig | undefined;
}

/**
 * Settings of one response that differ from the session: the body of `response.create`.
 *
 * @category Responses
 */
export interface ResponseConfig {
  /** Audio out. */
  readonly audio?: ResponseAudioConfig | undefined;
  /**
   * Conversation that the response is added to: the session's (`"auto"`), or none, which lets it run in parallel with
   * others.
   *
   * @default {"auto"}
   */
  readonly conversation?: OpenEnum<"auto" | "none"> | undefined;
  /** Input to use instead of the conversation; an empty list clears it for this response. */
  readonly input?: readonly ResponseInputItem[] | undefined;
  /** System prompt; null leaves the session's. */
  readonly instructions?: string | null | undefined;
  /** Maximum number of tokens of the response, including tool calls: 1 to 4 096, or `"inf"`. */
  readonly max_output_tokens?: MaxOutputTokens | undefined;
  /** Pairs of strings that the server repeats with the response, to recognize it by. */
  readonly metadata?: Metadata | null | undefined;
  /** Modality of the answer: exactly one of audio and text. */
  readonly output_modalities?: readonly OutputModality[] | undefined;
  /** Whether the model may call several tools at once; reasoning models only. */
  readonly parallel_tool_calls?: boolean | undefined;
  /** Prompt template; null removes it. */
  readonly prompt?: Prompt | null | undefined;
  /** Settings of reasoning models. */
  readonly reasoning?: Reasoning | undefined;
  /** Tool that must be used, if any. */
  readonly tool_choice?: ToolChoice | undefined;
  /** Tools the model may use. */
  readonly tools?: readonly Tool[] | undefined;
}
