// This module is browser compatible.
import type {
  LiveDecisionEvent,
  LiveDecisionItemCreatedEvent,
  LiveDecisionItemDeletedEvent,
  LiveDelegationCreatedEvent,
  LiveResponseEvent,
} from "./backend_events.ts";
import type {
  LiveCommentaryAppendedEvent,
  LiveErrorEvent,
  LiveFixturePlayedEvent,
  LiveFixturePlayingEvent,
  LiveInfoEvent,
  LiveInputAudioMutedEvent,
  LiveInputAudioReflectionEvent,
  LiveInputAudioUnmutedEvent,
  LiveInputTranscriptDeltaEvent,
  LiveInstructionsAppendedEvent,
  LiveOutputAudioDeltaEvent,
  LiveOutputTranscriptDeltaEvent,
  LiveSessionClosedEvent,
  LiveSessionStartedEvent,
  LiveSessionUpdatedEvent,
  LiveThinkingAppendedEvent,
  LiveUsageUpdatedEvent,
} from "./server_events.ts";
import type {
  LiveDtmfReceivedEvent,
  LiveDtmfSendNoteEvent,
  LiveDtmfSentEvent,
  LiveTransportAnsweredEvent,
  LiveTransportFailedEvent,
  LiveTransportRingingEvent,
} from "./transport_events.ts";

/**
 * Server events of a Live session by their type.
 *
 * @category Live
 */
export interface LiveServerEventMap {
  /** A classifier has decided. */
  readonly "decision.event": LiveDecisionEvent;
  /** Answer to `decision.item.create`. */
  readonly "decision.item.created": LiveDecisionItemCreatedEvent;
  /** Answer to `decision.item.delete`. */
  readonly "decision.item.deleted": LiveDecisionItemDeletedEvent;
  /** A client event was refused, or the server failed. */
  readonly "error": LiveErrorEvent;
  /** Something worth knowing. */
  readonly "info": LiveInfoEvent;
  /** An event of the backend's stream. */
  readonly "response.event": LiveResponseEvent;
  /** The session has ended; the last event. */
  readonly "session.closed": LiveSessionClosedEvent;
  /** Answer to `session.commentary.append`. */
  readonly "session.commentary.appended": LiveCommentaryAppendedEvent;
  /** The voice model delegates a task. */
  readonly "session.delegation.created": LiveDelegationCreatedEvent;
  /** Audio of the user, as a sideband sees it. */
  readonly "session.input_audio.append": LiveInputAudioReflectionEvent;
  /** Answer to `session.input_audio.mute`. */
  readonly "session.input_audio.muted": LiveInputAudioMutedEvent;
  /** Answer to `session.input_audio.unmute`. */
  readonly "session.input_audio.unmuted": LiveInputAudioUnmutedEvent;
  /** More of the words of the user. */
  readonly "session.input_transcript.delta": LiveInputTranscriptDeltaEvent;
  /** Answer to `session.instructions.append`. */
  readonly "session.instructions.appended": LiveInstructionsAppendedEvent;
  /** The next piece of the model's audio track. */
  readonly "session.output_audio.delta": LiveOutputAudioDeltaEvent;
  /** A recording has been played. */
  readonly "session.output_audio.fixture.played": LiveFixturePlayedEvent;
  /** A recording begins to play. */
  readonly "session.output_audio.fixture.playing": LiveFixturePlayingEvent;
  /** More of the words of the model. */
  readonly "session.output_transcript.delta": LiveOutputTranscriptDeltaEvent;
  /** The session has started. */
  readonly "session.started": LiveSessionStartedEvent;
  /** Answer to `session.thinking.append`. */
  readonly "session.thinking.appended": LiveThinkingAppendedEvent;
  /** Answer to `session.update`. */
  readonly "session.updated": LiveSessionUpdatedEvent;
  /** Usage so far. */
  readonly "session.usage.updated": LiveUsageUpdatedEvent;
  /** The telephone that is called was answered. */
  readonly "transport.answered": LiveTransportAnsweredEvent;
  /** The other side has pressed a key. */
  readonly "transport.dtmf.received": LiveDtmfReceivedEvent;
  /** Older name of `transport.dtmf.sent`. */
  readonly "transport.dtmf.send": LiveDtmfSendNoteEvent;
  /** Answer to `transport.dtmf.send`. */
  readonly "transport.dtmf.sent": LiveDtmfSentEvent;
  /** The telephone that is called was not answered. */
  readonly "transport.failed": LiveTransportFailedEvent;
  /** The telephone that is called rings. */
  readonly "transport.ringing": LiveTransportRingingEvent;
}

/**
 * Type of a server event of a Live session.
 *
 * @category Live
 */
export type LiveServerEventType = keyof LiveServerEventMap;

/**
 * A server event of a Live session, of a type this version knows.
 *
 * @category Live
 */
export type LiveServerEvent = LiveServerEventMap[LiveServerEventType];

/**
 * The types of all server events of a Live session, in alphabetical order.
 *
 * @category Live
 */
export const LIVE_SERVER_EVENT_TYPES: readonly LiveServerEventType[] = [
  "decision.event",
  "decision.item.created",
  "decision.item.deleted",
  "error",
  "info",
  "response.event",
  "session.closed",
  "session.commentary.appended",
  "session.delegation.created",
  "session.input_audio.append",
  "session.input_audio.muted",
  "session.input_audio.unmuted",
  "session.input_transcript.delta",
  "session.instructions.appended",
  "session.output_audio.delta",
  "session.output_audio.fixture.played",
  "session.output_audio.fixture.playing",
  "session.output_transcript.delta",
  "session.started",
  "session.thinking.appended",
  "session.updated",
  "session.usage.updated",
  "transport.answered",
  "transport.dtmf.received",
  "transport.dtmf.send",
  "transport.dtmf.sent",
  "transport.failed",
  "transport.ringing",
];
