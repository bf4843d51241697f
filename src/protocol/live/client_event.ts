// This module is browser compatible.
import {
  LiveForkClientEventSchemas,
  LivePrimaryClientEventSchemas,
  LiveSidebandClientEventSchemas,
} from "./_schemas/client_event.ts";
import type {
  LiveCommentaryAppendEvent,
  LiveDecisionCreateEvent,
  LiveDecisionItemCreateEvent,
  LiveDecisionItemDeleteEvent,
  LiveDtmfSendEvent,
  LiveFixturePlayEvent,
  LiveForkSessionStartEvent,
  LiveInputAudioAppendEvent,
  LiveInputAudioMuteEvent,
  LiveInputAudioUnmuteEvent,
  LiveInstructionsAppendEvent,
  LiveResponseCreateEvent,
  LiveResponseItemCreateEvent,
  LiveSessionCloseEvent,
  LiveSessionStartEvent,
  LiveSessionUpdateEvent,
  LiveThinkingAppendEvent,
} from "./client_events.ts";

/**
 * Client events of the primary socket by their type.
 *
 * @category Live
 */
export interface LiveClientEventMap {
  /** Asks for a decision now. */
  readonly "decision.create": LiveDecisionCreateEvent;
  /** Adds an item that decisions are made about. */
  readonly "decision.item.create": LiveDecisionItemCreateEvent;
  /** Removes an item that decisions are made about. */
  readonly "decision.item.delete": LiveDecisionItemDeleteEvent;
  /** Lets the backend continue with the items it has received. */
  readonly "response.create": LiveResponseCreateEvent;
  /** Adds an item for the backend. */
  readonly "response.item.create": LiveResponseItemCreateEvent;
  /** Ends the session. */
  readonly "session.close": LiveSessionCloseEvent;
  /** Lets the model say something. */
  readonly "session.commentary.append": LiveCommentaryAppendEvent;
  /** Audio of the user, silence included. */
  readonly "session.input_audio.append": LiveInputAudioAppendEvent;
  /** Hides the input from the model. */
  readonly "session.input_audio.mute": LiveInputAudioMuteEvent;
  /** Lets the model hear the input again. */
  readonly "session.input_audio.unmute": LiveInputAudioUnmuteEvent;
  /** Steers the model. */
  readonly "session.instructions.append": LiveInstructionsAppendEvent;
  /** Plays a recording in place of the model's voice. */
  readonly "session.output_audio.fixture.play": LiveFixturePlayEvent;
  /** Starts the session. */
  readonly "session.start": LiveSessionStartEvent;
  /** Sends the model facts that it does not say by itself. */
  readonly "session.thinking.append": LiveThinkingAppendEvent;
  /** Changes the delegation or the triggers. */
  readonly "session.update": LiveSessionUpdateEvent;
}

/**
 * Client events of a sideband by their type.
 *
 * @category Live
 */
export interface LiveSidebandClientEventMap
  extends Omit<LiveClientEventMap, "session.start" | "session.input_audio.append"> {
  /** Presses a key of the telephone. */
  readonly "transport.dtmf.send": LiveDtmfSendEvent;
}

/**
 * Client events of a fork socket by their type.
 *
 * @category Live
 */
export interface LiveForkClientEventMap extends Omit<LiveClientEventMap, "session.start"> {
  /** Starts a session that continues a stored one. */
  readonly "session.start": LiveForkSessionStartEvent;
}

/**
 * Type of a client event of the primary socket.
 *
 * @category Live
 */
export type LiveClientEventType = keyof LiveClientEventMap;

/**
 * An event that a client may send on the primary socket.
 *
 * @category Live
 */
export type LiveClientEvent = LiveClientEventMap[LiveClientEventType];

/**
 * An event that a client may send on a sideband.
 *
 * @category Live
 */
export type LiveSidebandClientEvent = LiveSidebandClientEventMap[keyof LiveSidebandClientEventMap];

/**
 * An event that a client may send on a fork socket.
 *
 * @category Live
 */
export type LiveForkClientEvent = LiveForkClientEventMap[keyof LiveForkClientEventMap];

/**
 * An event that a client may send on any connection of the Live API.
 *
 * @category Live
 */
export type LiveOutgoingEvent = LiveClientEvent | LiveSidebandClientEvent | LiveForkClientEvent;

/**
 * The types of all client events of the primary socket, in alphabetical order.
 *
 * @category Live
 */
export const LIVE_CLIENT_EVENT_TYPES: readonly LiveClientEventType[] = /* @__PURE__ */ Object.keys(
  LivePrimaryClientEventSchemas,
) as LiveClientEventType[];

/**
 * The types of all client events of a sideband, in alphabetical order.
 *
 * @category Live
 */
export const LIVE_SIDEBAND_CLIENT_EVENT_TYPES: readonly (keyof LiveSidebandClientEventMap)[] = /* @__PURE__ */ Object
  .keys(LiveSidebandClientEventSchemas) as (keyof LiveSidebandClientEventMap)[];

/**
 * The types of all client events of a fork socket, in alphabetical order.
 *
 * @category Live
 */
export const LIVE_FORK_CLIENT_EVENT_TYPES: readonly (keyof LiveForkClientEventMap)[] = /* @__PURE__ */ Object.keys(
  LiveForkClientEventSchemas,
) as (keyof LiveForkClientEventMap)[];
