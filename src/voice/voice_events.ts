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
  /** Where the turn begins, in milliseconds of the audio sent in this session. */
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
  /** Where the turn ends, in milliseconds of the audio sent in this session. */
  readonly audioEndMs: number;
}

/**
 * A piece of something that is said or written.
 *
 * @category Events
 */
export interface TextDeltaEvent {
  /** Discriminant: what the user said, what the model says, what the model writes. */
  readonly type: "user_transcript_delta" | "transcript_delta" | "text_delta";
  /** Id of the item. */
  readonly itemId: string;
  /** Index of the content part. */
  readonly contentIndex: number;
  /** The words that are new. */
  readonly delta: string;
}

/**
 * Something that is said is complete.
 *
 * @category Events
 */
export interface TranscriptDoneEvent {
  /** Discriminant: what the user said, what the model says. */
  readonly type: "user_transcript_done" | "transcript_done";
  /** Id of the item. */
  readonly itemId: string;
  /** Index of the content part. */
  readonly contentIndex: number;
  /** All words. */
  readonly transcript: string;
  /** Those of the model's words that were heard before it was interrupted, an estimate; absent when it was not. */
  readonly heardText?: string | undefined;
}

/**
 * Something that the model writes is complete.
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
  /** Why. */
  readonly error: RealtimeApiError;
}

/**
 * The model begins to answer.
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
 * Audio arrived; it is heard later, through `output`. Not in `events()` unless `audio: true` asks for it, so that a slow reader
 * of words does not fall behind because of audio.
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
 * The server, which plays the audio over WebRTC or SIP, has begun to play a response: the model is heard from now on.
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
 * The server has stopped playing a response: the model is not heard any more.
 *
 * @category Events
 */
export interface PlaybackStoppedEvent {
  /** Discriminant. */
  readonly type: "playback_stopped";
  /** Id of the response. */
  readonly responseId: string;
  /** Whether it was cut by an interruption, rather than heard to its end. */
  readonly interrupted: boolean;
}

/**
 * An item was cut short where it was heard.
 *
 * @category Events
 */
export interface InterruptedEvent extends PlayoutTruncation {
  /** Discriminant. */
  readonly type: "interrupted";
  /** The words that had arrived. */
  readonly text: string;
  /** Those of them that were heard: an estimate, from the share of the audio that was. */
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
 * Something failed; the session goes on.
 *
 * @category Events
 */
export interface ErrorVoiceEvent {
  /** Discriminant. */
  readonly type: "error";
  /**
   * What the server said, why a cut could not be made, why the output ended early, or the error of a source or a sink of
   * `pipe()`.
   */
  readonly error: Error;
}

/**
 * The connection is too slow for the user's audio: some begins to wait, and later some was dropped. The first event of a delay
 * comes before anything is dropped.
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
 * Event interface for each type that `on()` of a voice session knows.
 *
 * @category Events
 */
export type VoiceEventMap =
  & {
    readonly [
      // Not Extract, which finds no event that stands for several types.
      T in VoiceEvent["type"]
    ]: VoiceEvent extends infer E ? E extends { readonly type: infer U } ? T extends U ? E : never : never
      : never;
  }
  & {
    /** Every event. */
    readonly "*": VoiceEvent;
  };
