// This module is browser compatible.
import type { ClientEventBase } from "../events/client_events.ts";
import type { ServerEventBase } from "../events/event_base.ts";
import type { OpenEnum } from "../open_enum.ts";
import type { TranslationSession, TranslationSessionConfig } from "./translation_session.ts";

/**
 * Changes the settings of a translation session. Answered by `session.updated`.
 *
 * @category Translation
 */
export interface TranslationSessionUpdateEvent extends ClientEventBase {
  /** Kind of event. */
  readonly type: "session.update";
  /** Settings to change. */
  readonly session: TranslationSessionConfig;
}

/**
 * Adds audio to translate. Not answered. The server works in steps of 200 ms; send silence, too, since time passes for
 * the model only with audio.
 *
 * @category Translation
 */
export interface TranslationInputAudioBufferAppendEvent extends ClientEventBase {
  /** Kind of event. */
  readonly type: "session.input_audio_buffer.append";
  /** Audio, base64: 16-bit little-endian PCM, mono, 24 000 Hz. */
  readonly audio: string;
}

/**
 * Ends a translation session once everything sent is translated. Answered by `session.closed`.
 *
 * @category Translation
 */
export interface TranslationSessionCloseEvent extends ClientEventBase {
  /** Kind of event. */
  readonly type: "session.close";
}

/**
 * The translation session has begun; the first event.
 *
 * @category Translation
 */
export interface TranslationSessionCreatedEvent extends ServerEventBase {
  /** Kind of event. */
  readonly type: "session.created";
  /** The session with all its defaults. */
  readonly session: TranslationSession;
}

/**
 * Answer to `session.update`.
 *
 * @category Translation
 */
export interface TranslationSessionUpdatedEvent extends ServerEventBase {
  /** Kind of event. */
  readonly type: "session.updated";
  /** The session with everything that is in effect now. */
  readonly session: TranslationSession;
}

/**
 * Answer to `session.close`: the translation session has ended.
 *
 * @category Translation
 */
export interface TranslationSessionClosedEvent extends ServerEventBase {
  /** Kind of event. */
  readonly type: "session.closed";
}

/**
 * A piece of a translation and its position.
 *
 * @category Translation
 */
export interface TranslationDeltaEventBase extends ServerEventBase {
  /** The next piece. Pieces are joined as they are, without spaces between. */
  readonly delta: string;
  /** Position, in milliseconds of audio sent, in steps of 200; several pieces may share one. */
  readonly elapsed_ms?: number | null | undefined;
}

/**
 * Further words of the speech, in the source language; only if transcription was requested.
 *
 * @category Translation
 */
export interface TranslationInputTranscriptDeltaEvent extends TranslationDeltaEventBase {
  /** Kind of event. */
  readonly type: "session.input_transcript.delta";
}

/**
 * More of the translation, as text.
 *
 * @category Translation
 */
export interface TranslationOutputTranscriptDeltaEvent extends TranslationDeltaEventBase {
  /** Kind of event. */
  readonly type: "session.output_transcript.delta";
}

/**
 * More of the translation, as audio (base64), of any length.
 *
 * @category Translation
 */
export interface TranslationOutputAudioDeltaEvent extends TranslationDeltaEventBase {
  /** Kind of event. */
  readonly type: "session.output_audio.delta";
  /** Encoding: 16-bit little-endian PCM. */
  readonly format?: OpenEnum<"pcm16"> | null | undefined;
  /** Samples per second; 24 000 when absent. */
  readonly sample_rate?: number | null | undefined;
  /** Channels; 1 when absent. */
  readonly channels?: number | null | undefined;
}
