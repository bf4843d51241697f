// This module is browser compatible.
import type { ServerEventBase } from "../events/event_base.ts";
import type { OpenEnum } from "../open_enum.ts";
import type { LiveDecision } from "./decision.ts";
import type { LiveStoredDecisionItem } from "./decision_item.ts";
import type { LiveSessionResource } from "./session_config.ts";

/** Fields that nearly all Live server events have. */
export interface LiveServerEventBase extends ServerEventBase {
  /** `event_id` of the client event that this one answers. */
  readonly client_event_id?: string | null | undefined;
}

/** The session has started. On a sideband it may be a repetition, which says nothing about media. */
export interface LiveSessionStartedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "session.started";
  /** The session with all its defaults. */
  readonly session: LiveSessionResource;
}

/** Answer to `session.update`. */
export interface LiveSessionUpdatedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "session.updated";
  /** The session with everything that is in effect now. */
  readonly session: LiveSessionResource;
}

/** What a session has used so far. */
export interface LiveUsage {
  /** Active seconds since the start. Each figure replaces the one before. */
  readonly seconds: number;
}

/** Why a Live session ended. */
export type LiveCloseReason = OpenEnum<
  "close_requested" | "expired" | "content" | "remote_hangup" | "connection_lost"
>;

/** The session has ended; the last event. */
export interface LiveSessionClosedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "session.closed";
  /** Why it ended. */
  readonly reason: LiveCloseReason;
  /** The session. */
  readonly session: LiveSessionResource;
  /** Final usage. */
  readonly usage: LiveUsage;
}

/** How full the context of the model is. */
export interface LiveContextWindow {
  /** From 0 to 1; falls when the server makes room. */
  readonly usage_ratio: number;
}

/** Usage so far. */
export interface LiveUsageUpdatedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "session.usage.updated";
  /** Usage since the start of the session. */
  readonly usage: LiveUsage;
  /** How full the context is. */
  readonly context_window?: LiveContextWindow | null | undefined;
}

/** Answer to `session.input_audio.mute`. */
export interface LiveInputAudioMutedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "session.input_audio.muted";
}

/** Answer to `session.input_audio.unmute`. */
export interface LiveInputAudioUnmutedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "session.input_audio.unmuted";
}

/** Audio of the user as a sideband sees it: 24 kHz PCM16, before muting. Not an acknowledgement, and without an id. */
export interface LiveInputAudioReflectionEvent {
  /** Kind of event. */
  readonly type: "session.input_audio.append";
  /** Audio, base64. */
  readonly audio: string;
}

/** An event about an interval of the session's time, which begins with the first input audio. */
export interface LiveTimedEventBase extends LiveServerEventBase {
  /** Where it begins, in milliseconds. */
  readonly start_ms: number;
  /** Where it ends, in milliseconds; the interval does not contain it. */
  readonly end_ms: number;
}

/** Answer to `session.instructions.append`: where the model has got the text. */
export interface LiveInstructionsAppendedEvent extends LiveTimedEventBase {
  /** Kind of event. */
  readonly type: "session.instructions.appended";
}

/** Answer to `session.thinking.append`: where the model has got the text. */
export interface LiveThinkingAppendedEvent extends LiveTimedEventBase {
  /** Kind of event. */
  readonly type: "session.thinking.appended";
}

/** Answer to `session.commentary.append`: where the model has got the text, not that it was said. */
export interface LiveCommentaryAppendedEvent extends LiveTimedEventBase {
  /** Kind of event. */
  readonly type: "session.commentary.appended";
}

/** More of the words of the user. Whitespace is kept; there are no turns, and no event ends one. */
export interface LiveInputTranscriptDeltaEvent extends LiveTimedEventBase {
  /** Kind of event. */
  readonly type: "session.input_transcript.delta";
  /** The words. */
  readonly delta: string;
}

/** More of the words of the model. */
export interface LiveOutputTranscriptDeltaEvent extends LiveTimedEventBase {
  /** Kind of event. */
  readonly type: "session.output_transcript.delta";
  /** The words. */
  readonly delta: string;
}

/** The next piece of the model's never-ending audio track, about 100 ms; silence is exact zeros. Has no id. */
export interface LiveOutputAudioDeltaEvent {
  /** Kind of event. */
  readonly type: "session.output_audio.delta";
  /** Audio in the session's format, base64. */
  readonly delta: string;
  /** Where it begins, in milliseconds; on sidebands. */
  readonly start_ms?: number | null | undefined;
  /** Where it ends, in milliseconds; on sidebands. */
  readonly end_ms?: number | null | undefined;
}

/** A recording begins to play. */
export interface LiveFixturePlayingEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "session.output_audio.fixture.playing";
}

/** A recording has been played. Left out when it was cancelled or failed. */
export interface LiveFixturePlayedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "session.output_audio.fixture.played";
}

/** What the voice model wants done. */
export interface LiveDelegation {
  /** Identifier, which answers repeat as `delegation_id`. */
  readonly id: string;
  /** Kind of object. */
  readonly type?: OpenEnum<"delegation"> | null | undefined;
  /** Who does it. */
  readonly target: OpenEnum<"client" | "responses" | "decisions">;
  /** The response of the backend. */
  readonly response_id?: string | null | undefined;
}

/** The voice model wants something done. The task is in no event: it follows from the transcripts. */
export interface LiveDelegationCreatedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "session.delegation.created";
  /** Where in the session, in milliseconds. */
  readonly offset_ms: number;
  /** What is wanted. */
  readonly delegation: LiveDelegation;
}

/** An event of the Responses API, as it came. */
export interface LiveNestedEvent {
  /** Kind of event, e.g. `response.output_item.done`. */
  readonly type: string;
  /** A field of the event. */
  readonly [field: string]: unknown;
}

/** An event of the backend's stream. */
export interface LiveResponseEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "response.event";
  /** An event of the Responses API; the `output` of `response.completed` is always empty. */
  readonly event: LiveNestedEvent;
  /** The delegation that it belongs to; may be null. */
  readonly delegation_id?: string | null | undefined;
}

/** What a classifier has decided. */
export interface LiveDecisionCompletedEvent {
  /** Kind of event. */
  readonly type: OpenEnum<"decision.completed">;
  /** The answers. */
  readonly decision: LiveDecision;
}

/** A classifier has decided. */
export interface LiveDecisionEvent extends ServerEventBase {
  /** Kind of event. */
  readonly type: "decision.event";
  /** What it has decided. */
  readonly event: LiveDecisionCompletedEvent;
  /** The delegation that asked. */
  readonly delegation_id?: string | null | undefined;
  /** The fragment of the transcript that asked. */
  readonly source_event_id?: string | null | undefined;
  /** The kind of that fragment. */
  readonly source_event_type?:
    | OpenEnum<"session.input_transcript.delta" | "session.output_transcript.delta">
    | null
    | undefined;
  /** The trigger that asked. */
  readonly trigger_id?: string | null | undefined;
}

/** Answer to `decision.item.create`. */
export interface LiveDecisionItemCreatedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "decision.item.created";
  /** The item. */
  readonly item: LiveStoredDecisionItem;
}

/** Answer to `decision.item.delete`. */
export interface LiveDecisionItemDeletedEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "decision.item.deleted";
  /** Identifier of the item. */
  readonly item_id: string;
}

/** What went wrong, as the API says it. */
export interface LiveApiError {
  /** Kind of error, e.g. `invalid_request_error`. */
  readonly type: string;
  /** What went wrong, for a human. */
  readonly message: string;
  /** Code, e.g. `unknown_parameter`. */
  readonly code?: string | null | undefined;
  /** Field that the error is about. */
  readonly param?: string | null | undefined;
  /** `event_id` of the client event that was refused. */
  readonly client_event_id?: string | null | undefined;
}

/** A client event was refused, or the server failed. No field says whether the session ends: only the close does. */
export interface LiveErrorEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "error";
  /** What went wrong. */
  readonly error: LiveApiError;
}

/** Something worth knowing, such as the permissions of the data channel. */
export interface LiveInfoEvent extends LiveServerEventBase {
  /** Kind of event. */
  readonly type: "info";
  /** Code, e.g. `data_channel_permissions`. */
  readonly code: string;
  /** The text, for a human. */
  readonly message: string;
}
