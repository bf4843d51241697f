// This module is browser compatible.
import type { ItemEventBase, ServerEventBase } from "../events/event_base.ts";

/**
 * A message of the user was made from the input buffer: by `input_audio_buffer.commit`, or at the end of a turn.
 *
 * @category Audio
 */
export interface InputAudioBufferCommittedEvent extends ItemEventBase {
  /** Kind of event. */
  readonly type: "input_audio_buffer.committed";
  /** Item that precedes the message; null when it is the first. */
  readonly previous_item_id?: string | null | undefined;
}

/**
 * Answer to `input_audio_buffer.clear`.
 *
 * @category Audio
 */
export interface InputAudioBufferClearedEvent extends ServerEventBase {
  /** Kind of event. */
  readonly type: "input_audio_buffer.cleared";
}

/**
 * The user began to speak. Names the item that the turn will become.
 *
 * @category Audio
 */
export interface InputAudioBufferSpeechStartedEvent extends ItemEventBase {
  /** Kind of event. */
  readonly type: "input_audio_buffer.speech_started";
  /** Milliseconds of audio appended in the session before the turn; the turn includes its padding. */
  readonly audio_start_ms: number;
}

/**
 * The user stopped speaking. The message follows.
 *
 * @category Audio
 */
export interface InputAudioBufferSpeechStoppedEvent extends ItemEventBase {
  /** Kind of event. */
  readonly type: "input_audio_buffer.speech_stopped";
  /**
   * Milliseconds of audio appended in the session up to the end of the turn; the turn includes its trailing silence.
   */
  readonly audio_end_ms: number;
}

/**
 * No speech for `idle_timeout_ms`: the server commits the silence and the model responds. `server_vad` only.
 *
 * @category Audio
 */
export interface InputAudioBufferTimeoutTriggeredEvent extends ItemEventBase {
  /** Kind of event. */
  readonly type: "input_audio_buffer.timeout_triggered";
  /** Start of the silence, in milliseconds of audio appended in the session. */
  readonly audio_start_ms: number;
  /** End of the silence, in milliseconds of audio appended in the session. */
  readonly audio_end_ms: number;
}

/**
 * The caller pressed a key; SIP only. The only event without an `event_id`.
 *
 * @category Audio
 */
export interface InputAudioBufferDtmfEventReceivedEvent {
  /** Kind of event. */
  readonly type: "input_audio_buffer.dtmf_event_received";
  /** The key: a digit, `*`, `#`, or A to D. */
  readonly event: string;
  /** Unix time in seconds. */
  readonly received_at: number;
}

/**
 * An event about the audio that the server is playing; WebRTC and SIP only.
 *
 * @category Audio
 */
export interface OutputAudioBufferEventBase extends ServerEventBase {
  /** Identifier of the response of the audio. */
  readonly response_id: string;
}

/**
 * The server began to play a response.
 *
 * @category Audio
 */
export interface OutputAudioBufferStartedEvent extends OutputAudioBufferEventBase {
  /** Kind of event. */
  readonly type: "output_audio_buffer.started";
}

/**
 * The server has played a response to its end, some time after `response.done`.
 *
 * @category Audio
 */
export interface OutputAudioBufferStoppedEvent extends OutputAudioBufferEventBase {
  /** Kind of event. */
  readonly type: "output_audio_buffer.stopped";
}

/**
 * The server stopped playing: the user spoke, or the client sent `output_audio_buffer.clear`.
 *
 * @category Audio
 */
export interface OutputAudioBufferClearedEvent extends OutputAudioBufferEventBase {
  /** Kind of event. */
  readonly type: "output_audio_buffer.cleared";
}
