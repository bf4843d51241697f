// This module is browser compatible.
import type { ServerEventBase } from "../events/event_base.ts";
import type { OpenEnum } from "../open_enum.ts";
import type { LiveSessionResource } from "./session_config.ts";

/**
 * Fields that nearly all Live server events have.
 *
 * @category Live
 */
export interface LiveServerEventBase extends ServerEventBase {
  /** `event_id` of the client event that this one answers. */
  readonly client_event_id?: string | null | undefined;
}

/**
 * The session has started. On a sideband it may be repeated, without information about media.
 *
 * @category Live
 */
export interface LiveSessionStartedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "session.started";
  /** The session with all its defaults. */
  readonly session: LiveSessionResource;
}

/**
 * Answer to `session.update`.
 *
 * @category Live
 */
export interface LiveSessionUpdatedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "session.updated";
  /** The session with everything that is in effect now. */
  readonly session: LiveSessionResource;
}

/**
 * Usage of a session so far.
 *
 * @category Live
 */
export interface LiveUsage {
  /** Active seconds since the start. Each figure replaces the previous one. */
  readonly seconds: number;
}

/**
 * The reason why a Live session ended.
 *
 * @category Live
 */
export type LiveCloseReason = OpenEnum<
  "close_requested" | "expired" | "content" | "remote_hangup" | "connection_lost"
>;

/**
 * The session has ended; the last event.
 *
 * @category Live
 */
export interface LiveSessionClosedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "session.closed";
  /** The reason why it ended. */
  readonly reason: LiveCloseReason;
  /** The session. */
  readonly session: LiveSessionResource;
  /** Final usage. */
  readonly usage: LiveUsage;
}

/**
 * How full the context of the model is.
 *
 * @category Live
 */
export interface LiveContextWindow {
  /** From 0 to 1; decreases when the server makes room. */
  readonly usage_ratio: number;
}

/**
 * Usage so far.
 *
 * @category Live
 */
export interface LiveUsageUpdatedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "session.usage.updated";
  /** Usage since the start of the session. */
  readonly usage: LiveUsage;
  /** How full the context is. */
  readonly context_window?: LiveContextWindow | null | undefined;
}

/**
 * Answer to `session.input_audio.mute`.
 *
 * @category Live
 */
export interface LiveInputAudioMutedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "session.input_audio.muted";
}

/**
 * Answer to `session.input_audio.unmute`.
 *
 * @category Live
 */
export interface LiveInputAudioUnmutedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "session.input_audio.unmuted";
}

/**
 * Audio of the user as a sideband sees it: 24 kHz PCM16, before muting. Not an acknowledgement, and without an id.
 *
 * @category Live
 */
export interface LiveInputAudioReflectionEvent {
  /** Kind of event. */
  readonly type: "session.input_audio.append";
  /** Audio, base64. */
  readonly audio: string;
}

/**
 * An event about an interval of the session's time, which begins with the first input audio.
 *
 * @category Live
 */
export interface LiveTimedEventBase extends LiveServerEventBase {
  /** Start, in milliseconds. */
  readonly start_ms: number;
  /** End, in milliseconds, exclusive. */
  readonly end_ms: number;
}

/**
 * Answer to `session.instructions.append`: where the model has got the text.
 *
 * @category Live
 */
export interface LiveInstructionsAppendedEvent extends LiveTimedEventBase {
  /** Kind of event. */
  readonly type: "session.instructions.appended";
}

/**
 * Answer to `session.thinking.append`: where the model has got the text.
 *
 * @category Live
 */
export interface LiveThinkingAppendedEvent extends LiveTimedEventBase {
  /** Kind of event. */
  readonly type: "session.thinking.appended";
}

/**
 * Answer to `session.commentary.append`: the interval in which the model received the text, before it is spoken.
 *
 * @category Live
 */
export interface LiveCommentaryAppendedEvent extends LiveTimedEventBase {
  /** Kind of event. */
  readonly type: "session.commentary.appended";
}

/**
 * Further words of the user. Whitespace is preserved; there are no turns, and no event ends one.
 *
 * @category Live
 */
export interface LiveInputTranscriptDeltaEvent extends LiveTimedEventBase {
  /** Kind of event. */
  readonly type: "session.input_transcript.delta";
  /** The words. */
  readonly delta: string;
}

/**
 * More of the words of the model.
 *
 * @category Live
 */
export interface LiveOutputTranscriptDeltaEvent extends LiveTimedEventBase {
  /** Kind of event. */
  readonly type: "session.output_transcript.delta";
  /** The words. */
  readonly delta: string;
}

/**
 * The next piece of the model's never-ending audio track, about 100 ms; silence is exact zeros. Has no id.
 *
 * @category Live
 */
export interface LiveOutputAudioDeltaEvent {
  /** Kind of event. */
  readonly type: "session.output_audio.delta";
  /** Audio in the session's format, base64. */
  readonly delta: string;
  /** Start, in milliseconds; on sidebands. */
  readonly start_ms?: number | null | undefined;
  /** End, in milliseconds; on sidebands. */
  readonly end_ms?: number | null | undefined;
}

/**
 * A recording begins to play.
 *
 * @category Live
 */
export interface LiveFixturePlayingEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "session.output_audio.fixture.playing";
}

/**
 * A recording has been played. Omitted when it was cancelled or failed.
 *
 * @category Live
 */
export interface LiveFixturePlayedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "session.output_audio.fixture.played";
}

/**
 * The error, as reported by the API.
 *
 * @category Live
 */
export interface LiveApiError {
  /** Kind of error, e.g. `invalid_request_error`. */
  readonly type: string;
  /** A description of the error. */
  readonly message: string;
  /** Code, e.g. `unknown_parameter`. */
  readonly code?: string | null | undefined;
  /** Field that the error is about. */
  readonly param?: string | null | undefined;
  /** `event_id` of the client event that was refused. */
  readonly client_event_id?: string | null | undefined;
}

/**
 * A client event was rejected, or the server failed. No field tells whether the session ends: only the close does.
 *
 * @category Live
 */
export interface LiveErrorEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "error";
  /** The error. */
  readonly error: LiveApiError;
}

/**
 * Something worth knowing, such as the permissions of the data channel.
 *
 * @category Live
 */
export interface LiveInfoEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "info";
  /** Code, e.g. `data_channel_permissions`. */
  readonly code: string;
  /** The text, for a human. */
  readonly message: string;
}
