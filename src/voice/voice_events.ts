// This module is browser compatible.
import type { RealtimeApiError } from "../errors.ts";
import type { Usage } from "../protocol/mod.ts";
import type { LocalEvent } from "../session/mod.ts";
import type { AudioChunk } from "./audio_chunk.ts";
import type { PlayoutTruncation } from "./playout_tracker.ts";

/**
 * The user began to speak.
 *
 * @category Events
 */
export interface SpeechStartedEvent {
  /** Discriminant. */
  readonly type: "speech_started";
  /** Id of the item that the speech will become. */
  readonly itemId: string;
  /** Start of the turn, in milliseconds of the audio sent in this session. */
  readonly audioStartMs: number;
}

/**
 * The user stopped speaking.
 *
 * @category Events
 */
export interface SpeechStoppedEvent {
  /** Discriminant. */
  readonly type: "speech_stopped";
  /** Id of the item that the speech becomes. */
  readonly itemId: string;
  /** End of the turn, in milliseconds of the audio sent in this session. */
  readonly audioEndMs: number;
}

/**
 * Further words of the user's speech (`user_transcript_delta`), of the model's speech (`transcript_delta`), or of a text
 * that the model writes (`text_delta`).
 *
 * @category Events
 */
export interface TextDeltaEvent {
  /** Discriminant: speech of the user, speech of the model, text of the model. */
  readonly type: "user_transcript_delta" | "transcript_delta" | "text_delta";
  /** Id of the item. */
  readonly itemId: string;
  /** Index of the content part. */
  readonly contentIndex: number;
  /** The new words. */
  readonly delta: string;
}

/**
 * The transcript of the user's speech (`user_transcript_done`) or of the model's speech (`transcript_done`) is complete.
 *
 * @category Events
 */
export interface TranscriptDoneEvent {
  /** Discriminant: speech of the user, speech of the model. */
  readonly type: "user_transcript_done" | "transcript_done";
  /** Id of the item. */
  readonly itemId: string;
  /** Index of the content part. */
  readonly contentIndex: number;
  /** All words. */
  readonly transcript: string;
  /** The model's words that were heard before it was interrupted, an estimate; absent when it was not. */
  readonly heardText?: string | undefined;
}

/**
 * A text written by the model is complete.
 *
 * @category Events
 */
export interface TextDoneEvent {
  /** Discriminant. */
  readonly type: "text_done";
  /** Id of the item. */
  readonly itemId: string;
  /** Index of the content part. */
  readonly contentIndex: number;
  /** All words. */
  readonly text: string;
}

/**
 * A transcription of the user's speech failed.
 *
 * @category Events
 */
export interface UserTranscriptFailedEvent {
  /** Discriminant. */
  readonly type: "user_transcript_failed";
  /** Id of the item. */
  readonly itemId: string;
  /** Index of the content part. */
  readonly contentIndex: number;
  /** The reason. */
  readonly error: RealtimeApiError;
}

/**
 * The model starts to answer.
 *
 * @category Events
 */
export interface ResponseCreatedVoiceEvent {
  /** Discriminant. */
  readonly type: "response_created";
  /** Id of the response. */
  readonly responseId: string;
}

/**
 * The model has answered, or could not.
 *
 * @category Events
 */
export interface ResponseDoneVoiceEvent {
  /** Discriminant. */
  readonly type: "response_done";
  /** Id of the response. */
  readonly responseId: string;
  /** `completed`, `incomplete` or `failed`. */
  readonly status: string;
  /** Its usage, if the server reports it. */
  readonly usage: Usage | undefined;
}

/**
 * The answer was cut short.
 *
 * @category Events
 */
export interface ResponseCancelledVoiceEvent {
  /** Discriminant. */
  readonly type: "response_cancelled";
  /** Id of the response. */
  readonly responseId: string;
  /** `turn_detected` or `client_cancelled`. */
  readonly reason: string;
  /** Its usage, if the server reports it. */
  readonly usage: Usage | undefined;
}

/**
 * Audio arrived; it is heard later, through `output`. Not in `events()` unless `audio: true` requests it, so that a
 * slow reader of words does not fall behind because of audio.
 *
 * @category Events
 */
export interface AudioDeltaEvent extends AudioChunk {
  /** Discriminant. */
  readonly type: "audio_delta";
}

/**
 * All audio of a content part has arrived.
 *
 * @category Events
 */
export interface AudioDoneEvent {
  /** Discriminant. */
  readonly type: "audio_done";
  /** Id of the item. */
  readonly itemId: string;
  /** Index of the content part. */
  readonly contentIndex: number;
}

/**
 * The server, which plays the audio over WebRTC or SIP, has started to play a response: the model is heard from now on.
 *
 * @category Events
 */
export interface PlaybackStartedEvent {
  /** Discriminant. */
  readonly type: "playback_started";
  /** Id of the response. */
  readonly responseId: string;
}

/**
 * The server has stopped playing a response: the model is no longer heard.
 *
 * @category Events
 */
export interface PlaybackStoppedEvent {
  /** Discriminant. */
  readonly type: "playback_stopped";
  /** Id of the response. */
  readonly responseId: string;
  /** Whether an interruption cut it before its end. */
  readonly interrupted: boolean;
}

/**
 * An interruption cut an item at the heard position.
 *
 * @category Events
 */
export interface InterruptedEvent extends PlayoutTruncation {
  /** Discriminant. */
  readonly type: "interrupted";
  /** The words that had arrived. */
  readonly text: string;
  /** The words that were heard: an estimate, from the share of the audio that was. */
  readonly heardText: string;
}

/**
 * Something arrived that could not be read: a malformed event, or audio that is not base64.
 *
 * @category Events
 */
export interface DecodeErrorEvent {
  /** Discriminant. */
  readonly type: "decode_error";
  /** Type of the event, when it has one. */
  readonly eventType: string | undefined;
  /** A description of the problem. */
  readonly message: string;
}

/**
 * Something failed; the session continues.
 *
 * @category Events
 */
export interface ErrorVoiceEvent {
  /** Discriminant. */
  readonly type: "error";
  /** An error of the server, of a cut, of the output, or of a source or a sink of `pipe()`. */
  readonly error: Error;
}

/**
 * The connection is too slow for the user's audio: some of it begins to wait, and later some is dropped. The first
 * event of a delay precedes any loss.
 *
 * @category Events
 */
export interface LagEvent {
  /** Discriminant. */
  readonly type: "lag";
  /** Audio that waits to leave, in milliseconds. */
  readonly lagMs: number;
  /** Audio that was dropped since the session began, in milliseconds. */
  readonly droppedMs: number;
}

/**
 * Everything that happens in a voice conversation.
 *
 * @category Events
 */
export type VoiceEvent =
  | SpeechStartedEvent
  | SpeechStoppedEvent
  | TextDeltaEvent
  | TextDoneEvent
  | TranscriptDoneEvent
  | UserTranscriptFailedEvent
  | ResponseCreatedVoiceEvent
  | ResponseDoneVoiceEvent
  | ResponseCancelledVoiceEvent
  | AudioDeltaEvent
  | AudioDoneEvent
  | PlaybackStartedEvent
  | PlaybackStoppedEvent
  | InterruptedEvent
  | LagEvent
  | DecodeErrorEvent
  | ErrorVoiceEvent
  | LocalEvent;

/**
 * Event interface for each type that `on()` of a voice session accepts.
 *
 * @category Events
 */
export type VoiceEventMap =
  & {
    readonly [
      // Extract would not find an event that has several types.
      T in VoiceEvent["type"]
    ]: VoiceEvent extends infer E ? E extends { readonly type: infer U } ? T extends U ? E : never : never
      : never;
  }
  & {
    /** Every event. */
    readonly "*": VoiceEvent;
  };
