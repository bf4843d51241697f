// This module is browser compatible.
import type { EffectiveAudioFormat } from "../session/audio_format.ts";
import type { MaxOutputTokens, Metadata, OutputModality } from "../session/generation.ts";
import type { Item, UnknownItem } from "../conversation/item.ts";
import type { OpenEnum } from "../open_enum.ts";
import type { Usage } from "./usage.ts";
import type { Voice } from "../session/voice.ts";

/**
 * How a response stands, or ended.
 *
 * @category Responses
 */
export type ResponseStatus = "completed" | "cancelled" | "failed" | "incomplete" | "in_progress";

/**
 * The reason why a response ended early. Cancelled: the user spoke, or the client cancelled. Incomplete: the token
 * limit, or the safety filter.
 *
 * @category Responses
 */
export type ResponseStatusReason = "turn_detected" | "client_cancelled" | "max_output_tokens" | "content_filter";

/**
 * The error of a failed response.
 *
 * @category Responses
 */
export interface ResponseError {
  /** Kind of error. */
  readonly type?: string | null | undefined;
  /** Code. */
  readonly code?: string | null | undefined;
  /** Error message. */
  readonly message?: string | null | undefined;
}

/**
 * More about how a response ended.
 *
 * @category Responses
 */
export interface ResponseStatusDetails {
  /** The same as the status. */
  readonly type?: OpenEnum<"completed" | "cancelled" | "incomplete" | "failed"> | null | undefined;
  /** The reason why it ended early. */
  readonly reason?: OpenEnum<ResponseStatusReason> | null | undefined;
  /** The error, if it failed. */
  readonly error?: ResponseError | null | undefined;
}

/**
 * How a response speaks, as the server reports it.
 *
 * @category Responses
 */
export interface EffectiveResponseAudioOutput {
  /** Encoding of the audio. */
  readonly format?: EffectiveAudioFormat | null | undefined;
  /** The voice that speaks. */
  readonly voice?: Voice | null | undefined;
}

/**
 * Audio of a response, as the server reports it.
 *
 * @category Responses
 */
export interface EffectiveResponseAudio {
  /** How the model speaks. */
  readonly output?: EffectiveResponseAudioOutput | null | undefined;
}

/**
 * A response: as `response.created` announces it, and as `response.done` sums it up, without the audio.
 *
 * @category Responses
 */
export interface RealtimeResponse {
  /** Identifier, e.g. `resp_1234`. The API always sends it. */
  readonly id?: string | null | undefined;
  /** Kind of object. */
  readonly object?: OpenEnum<"realtime.response"> | null | undefined;
  /** How it stands, or ended. */
  readonly status?: OpenEnum<ResponseStatus> | null | undefined;
  /** Details of its end; null while it is active and when it completed. */
  readonly status_details?: ResponseStatusDetails | null | undefined;
  /** Items that it produced; empty in `response.created`. */
  readonly output?: readonly (Item | UnknownItem)[] | null | undefined;
  /** Conversation it was added to; null if requested with `conversation: "none"`. */
  readonly conversation_id?: string | null | undefined;
  /** Modality of the answer. */
  readonly output_modalities?: readonly OpenEnum<OutputModality>[] | null | undefined;
  /** Maximum number of its tokens. */
  readonly max_output_tokens?: MaxOutputTokens | null | undefined;
  /** Audio out. */
  readonly audio?: EffectiveResponseAudio | null | undefined;
  /** Usage; null until it is done. */
  readonly usage?: Usage | null | undefined;
  /** Pairs of strings sent with `response.create`. */
  readonly metadata?: Metadata | null | undefined;
}
