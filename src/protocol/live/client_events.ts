// This module is browser compatible.
import type { LiveBackendItem } from "./backend_item.ts";
import type { LiveDecisionItem } from "./decisions/decision_item.ts";
import type { LiveForkSessionConfig, LiveSessionConfig, LiveSessionUpdateConfig } from "./session_config.ts";

/**
 * Fields that all Live client events have.
 *
 * @category Live
 */
export interface LiveClientEventBase {
  /** Id of this event, at most 512 characters; acknowledgements and errors repeat it as `client_event_id`. */
  readonly event_id?: string | null | undefined;
}

/**
 * Starts the session; the first event on a primary socket. Answered by `session.started`, or `error` and the end.
 *
 * @category Live
 */
export interface LiveSessionStartEvent extends LiveClientEventBase {
  /** Kind of event. */
  readonly type: "session.start";
  /** The settings; an unknown field ends the session. */
  readonly session: LiveSessionConfig;
}

/**
 * Starts a session that continues a stored one; the first event on a fork socket.
 *
 * @category Live
 */
export interface LiveForkSessionStartEvent extends LiveClientEventBase {
  /** Kind of event. */
  readonly type: "session.start";
  /** Changes to the stored session. */
  readonly session: LiveForkSessionConfig;
}

/**
 * Changes the delegation or the triggers. Answered by `session.updated`.
 *
 * @category Live
 */
export interface LiveSessionUpdateEvent extends LiveClientEventBase {
  /** Kind of event. */
  readonly type: "session.update";
  /** The changes. Objects are merged, lists are replaced. */
  readonly session: LiveSessionUpdateConfig;
}

/**
 * Ends the session. Answered by `session.closed`.
 *
 * @category Live
 */
export interface LiveSessionCloseEvent extends LiveClientEventBase {
  /** Kind of event. */
  readonly type: "session.close";
}

/**
 * Audio of the user, silence included: the session's time advances only with it. Never answered. Primary socket only.
 *
 * @category Live
 */
export interface LiveInputAudioAppendEvent extends LiveClientEventBase {
  /** Kind of event. */
  readonly type: "session.input_audio.append";
  /** Whole samples in the session's format, base64. */
  readonly audio: string;
}

/**
 * Hides the input from the model; billing continues. Answered by `session.input_audio.muted`.
 *
 * @category Live
 */
export interface LiveInputAudioMuteEvent extends LiveClientEventBase {
  /** Kind of event. */
  readonly type: "session.input_audio.mute";
}

/**
 * Lets the model hear the input again. Answered by `session.input_audio.unmuted`.
 *
 * @category Live
 */
export interface LiveInputAudioUnmuteEvent extends LiveClientEventBase {
  /** Kind of event. */
  readonly type: "session.input_audio.unmute";
}

/**
 * Fields of the events that give the model a text.
 *
 * @category Live
 */
export interface LiveAppendEventBase extends LiveClientEventBase {
  /** The text, at most 500 tokens. */
  readonly content: string;
  /** The client delegation of the text, or null. The key is required. */
  readonly delegation_id: string | null;
}

/**
 * Steers the model; may interrupt it. Answered by `session.instructions.appended`.
 *
 * @category Live
 */
export interface LiveInstructionsAppendEvent extends LiveAppendEventBase {
  /** Kind of event. */
  readonly type: "session.instructions.append";
}

/**
 * Sends the model facts that it does not say by itself. Answered by `session.thinking.appended`.
 *
 * @category Live
 */
export interface LiveThinkingAppendEvent extends LiveAppendEventBase {
  /** Kind of event. */
  readonly type: "session.thinking.append";
}

/**
 * Lets the model say something. Answered by `session.commentary.appended`.
 *
 * @category Live
 */
export interface LiveCommentaryAppendEvent extends LiveAppendEventBase {
  /** Kind of event. */
  readonly type: "session.commentary.append";
}

/**
 * Plays a recording in place of the model's voice. Answered by `session.output_audio.fixture.playing`, and by `.played`
 * unless it is cancelled or fails.
 *
 * @category Live
 */
export interface LiveFixturePlayEvent extends LiveClientEventBase {
  /** Kind of event. */
  readonly type: "session.output_audio.fixture.play";
  /** 24 kHz mono PCM16 regardless of the session's format, base64, at most 30 s. */
  readonly audio: string;
}

/**
 * Adds an item for the backend of a responses delegation. Not answered; it waits for `response.create`.
 *
 * @category Live
 */
export interface LiveResponseItemCreateEvent extends LiveClientEventBase {
  /** Kind of event. */
  readonly type: "response.item.create";
  /** An input item of the Responses API. */
  readonly item: LiveBackendItem;
}

/**
 * Lets the backend continue with the items it has received. Answered by `response.event`.
 *
 * @category Live
 */
export interface LiveResponseCreateEvent extends LiveClientEventBase {
  /** Kind of event. */
  readonly type: "response.create";
}

/**
 * Asks for a decision now. Answered by `decision.event`.
 *
 * @category Live
 */
export interface LiveDecisionCreateEvent {
  /** Kind of event. */
  readonly type: "decision.create";
  /** Id of this event, required, at most 512 characters and unique. */
  readonly event_id: string;
}

/**
 * Adds an item that decisions are made about. Answered by `decision.item.created`.
 *
 * @category Live
 */
export interface LiveDecisionItemCreateEvent extends LiveClientEventBase {
  /** Kind of event. */
  readonly type: "decision.item.create";
  /** The item. */
  readonly item: LiveDecisionItem;
}

/**
 * Removes an item that decisions are made about. Answered by `decision.item.deleted`.
 *
 * @category Live
 */
export interface LiveDecisionItemDeleteEvent extends LiveClientEventBase {
  /** Kind of event. */
  readonly type: "decision.item.delete";
  /** Identifier of the item. */
  readonly item_id: string;
}

/**
 * Presses a key of the telephone. Answered by `transport.dtmf.sent`. Sidebands of SIP calls only.
 *
 * @category Live
 */
export interface LiveDtmfSendEvent extends LiveClientEventBase {
  /** Kind of event. */
  readonly type: "transport.dtmf.send";
  /** One of `0` to `9`, `A` to `D`, `*` and `#`. */
  readonly event: string;
}
