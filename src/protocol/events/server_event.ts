// This module is browser compatible.
import type {
  InputAudioBufferClearedEvent,
  InputAudioBufferCommittedEvent,
  InputAudioBufferDtmfEventReceivedEvent,
  InputAudioBufferSpeechStartedEvent,
  InputAudioBufferSpeechStoppedEvent,
  InputAudioBufferTimeoutTriggeredEvent,
  OutputAudioBufferClearedEvent,
  OutputAudioBufferStartedEvent,
  OutputAudioBufferStoppedEvent,
} from "../audio_buffers/audio_buffer_events.ts";
import type {
  ConversationItemAddedEvent,
  ConversationItemCreatedEvent,
  ConversationItemDeletedEvent,
  ConversationItemDoneEvent,
  ConversationItemRetrievedEvent,
  ConversationItemTruncatedEvent,
} from "../conversation/conversation_events.ts";
import type {
  McpListToolsCompletedEvent,
  McpListToolsFailedEvent,
  McpListToolsInProgressEvent,
  ResponseMcpCallArgumentsDeltaEvent,
  ResponseMcpCallArgumentsDoneEvent,
  ResponseMcpCallCompletedEvent,
  ResponseMcpCallFailedEvent,
  ResponseMcpCallInProgressEvent,
} from "../tools/mcp_events.ts";
import type {
  ResponseContentPartAddedEvent,
  ResponseContentPartDoneEvent,
  ResponseCreatedEvent,
  ResponseDoneEvent,
  ResponseFunctionCallArgumentsDeltaEvent,
  ResponseFunctionCallArgumentsDoneEvent,
  ResponseOutputAudioDeltaEvent,
  ResponseOutputAudioDoneEvent,
  ResponseOutputAudioTranscriptDeltaEvent,
  ResponseOutputAudioTranscriptDoneEvent,
  ResponseOutputItemAddedEvent,
  ResponseOutputItemDoneEvent,
  ResponseOutputTextDeltaEvent,
  ResponseOutputTextDoneEvent,
} from "../response/response_events.ts";
import type {
  ConversationCreatedEvent,
  RateLimitsUpdatedEvent,
  RealtimeErrorEvent,
  SessionCreatedEvent,
  SessionUpdatedEvent,
} from "../session/session_events.ts";
import type {
  ConversationItemInputAudioTranscriptionCompletedEvent,
  ConversationItemInputAudioTranscriptionDeltaEvent,
  ConversationItemInputAudioTranscriptionFailedEvent,
  ConversationItemInputAudioTranscriptionSegmentEvent,
} from "../conversation/transcription_events.ts";

/**
 * Server events by their type.
 *
 * @category Events
 */
export interface ServerEventMap {
  /** The session's conversation has begun. Documented, yet in no recording: some servers send it. */
  readonly "conversation.created": ConversationCreatedEvent;
  /** An item was added: by the client, from the input buffer, or by a response, which then continues to fill it. */
  readonly "conversation.item.added": ConversationItemAddedEvent;
  /** An item was added, as servers of before the GA interface say it. */
  readonly "conversation.item.created": ConversationItemCreatedEvent;
  /** Answer to `conversation.item.delete`. */
  readonly "conversation.item.deleted": ConversationItemDeletedEvent;
  /** An item is complete. */
  readonly "conversation.item.done": ConversationItemDoneEvent;
  /** The complete transcript of the user's audio. May arrive before or after `response.done`. */
  readonly "conversation.item.input_audio_transcription.completed":
    ConversationItemInputAudioTranscriptionCompletedEvent;
  /** More of the transcript of the user's audio. Arrives while the response is being generated. */
  readonly "conversation.item.input_audio_transcription.delta": ConversationItemInputAudioTranscriptionDeltaEvent;
  /** The user's audio could not be transcribed. The model has still heard it. */
  readonly "conversation.item.input_audio_transcription.failed": ConversationItemInputAudioTranscriptionFailedEvent;
  /** Continuous speech of one speaker; only from models that distinguish speakers. */
  readonly "conversation.item.input_audio_transcription.segment": ConversationItemInputAudioTranscriptionSegmentEvent;
  /** Answer to `conversation.item.retrieve`. */
  readonly "conversation.item.retrieved": ConversationItemRetrievedEvent;
  /** Answer to `conversation.item.truncate`. */
  readonly "conversation.item.truncated": ConversationItemTruncatedEvent;
  /** A client event was rejected, or the server failed. Most errors leave the session open. */
  readonly "error": RealtimeErrorEvent;
  /** Answer to `input_audio_buffer.clear`. */
  readonly "input_audio_buffer.cleared": InputAudioBufferClearedEvent;
  /** A message of the user was made from the input buffer: by `input_audio_buffer.commit`, or at the end of a turn. */
  readonly "input_audio_buffer.committed": InputAudioBufferCommittedEvent;
  /** The caller pressed a key; SIP only. The only event without an `event_id`. */
  readonly "input_audio_buffer.dtmf_event_received": InputAudioBufferDtmfEventReceivedEvent;
  /** The user began to speak. Names the item that the turn will become. */
  readonly "input_audio_buffer.speech_started": InputAudioBufferSpeechStartedEvent;
  /** The user stopped speaking. The message follows. */
  readonly "input_audio_buffer.speech_stopped": InputAudioBufferSpeechStoppedEvent;
  /** No speech for `idle_timeout_ms`: the server commits the silence and the model responds. `server_vad` only. */
  readonly "input_audio_buffer.timeout_triggered": InputAudioBufferTimeoutTriggeredEvent;
  /** The list of an MCP server's tools has arrived: it is in the item. */
  readonly "mcp_list_tools.completed": McpListToolsCompletedEvent;
  /** The list of an MCP server's tools could not be fetched. */
  readonly "mcp_list_tools.failed": McpListToolsFailedEvent;
  /** The list of an MCP server's tools is being fetched. */
  readonly "mcp_list_tools.in_progress": McpListToolsInProgressEvent;
  /** The server stopped playing: the user spoke, or the client sent `output_audio_buffer.clear`. */
  readonly "output_audio_buffer.cleared": OutputAudioBufferClearedEvent;
  /** The server began to play a response. */
  readonly "output_audio_buffer.started": OutputAudioBufferStartedEvent;
  /** The server has played a response to its end, some time after `response.done`. */
  readonly "output_audio_buffer.stopped": OutputAudioBufferStoppedEvent;
  /** The remaining rate limits, after tokens were reserved for a response. Sent often, but not always. */
  readonly "rate_limits.updated": RateLimitsUpdatedEvent;
  /** A response begins a content. */
  readonly "response.content_part.added": ResponseContentPartAddedEvent;
  /** A response has finished a content, or was ended. */
  readonly "response.content_part.done": ResponseContentPartDoneEvent;
  /** A response has begun: requested by `response.create`, or started by turn detection. */
  readonly "response.created": ResponseCreatedEvent;
  /** A response has ended: completed, cancelled, incomplete or failed. */
  readonly "response.done": ResponseDoneEvent;
  /** More of the arguments of a function call. */
  readonly "response.function_call_arguments.delta": ResponseFunctionCallArgumentsDeltaEvent;
  /** The arguments of a function call are complete, or were ended: they may be no valid JSON then. */
  readonly "response.function_call_arguments.done": ResponseFunctionCallArgumentsDoneEvent;
  /** An MCP call has been answered: the answer is in the item. */
  readonly "response.mcp_call.completed": ResponseMcpCallCompletedEvent;
  /** An MCP call has failed: the reason is in the item. */
  readonly "response.mcp_call.failed": ResponseMcpCallFailedEvent;
  /** An MCP call is being made. */
  readonly "response.mcp_call.in_progress": ResponseMcpCallInProgressEvent;
  /** More of the arguments of an MCP call. */
  readonly "response.mcp_call_arguments.delta": ResponseMcpCallArgumentsDeltaEvent;
  /** The arguments of an MCP call are complete. */
  readonly "response.mcp_call_arguments.done": ResponseMcpCallArgumentsDoneEvent;
  /** More speech. Comes faster than it is heard; WebSocket only. */
  readonly "response.output_audio.delta": ResponseOutputAudioDeltaEvent;
  /** The speech is complete, or was ended. */
  readonly "response.output_audio.done": ResponseOutputAudioDoneEvent;
  /** More of the words that are spoken; runs ahead of the audio. */
  readonly "response.output_audio_transcript.delta": ResponseOutputAudioTranscriptDeltaEvent;
  /** The words that are spoken are complete, or were ended. */
  readonly "response.output_audio_transcript.done": ResponseOutputAudioTranscriptDoneEvent;
  /** A response begins an item. Items of one response may overlap. */
  readonly "response.output_item.added": ResponseOutputItemAddedEvent;
  /** A response has finished an item. */
  readonly "response.output_item.done": ResponseOutputItemDoneEvent;
  /** More text. */
  readonly "response.output_text.delta": ResponseOutputTextDeltaEvent;
  /** The text is complete, or was ended. */
  readonly "response.output_text.done": ResponseOutputTextDoneEvent;
  /** The session has begun; the first event, except on a socket that joins a running call. */
  readonly "session.created": SessionCreatedEvent;
  /** Answer to `session.update`. */
  readonly "session.updated": SessionUpdatedEvent;
}

/**
 * Type of a server event.
 *
 * @category Events
 */
export type ServerEventType = keyof ServerEventMap;

/**
 * An event of a conversation or transcription session, of a type this version knows.
 *
 * @category Events
 */
export type ServerEvent = ServerEventMap[ServerEventType];

// A table rather than a list, so that a type that is missing does not compile.
const TYPES: Readonly<Record<ServerEventType, true>> = {
  "conversation.created": true,
  "conversation.item.added": true,
  "conversation.item.created": true,
  "conversation.item.deleted": true,
  "conversation.item.done": true,
  "conversation.item.input_audio_transcription.completed": true,
  "conversation.item.input_audio_transcription.delta": true,
  "conversation.item.input_audio_transcription.failed": true,
  "conversation.item.input_audio_transcription.segment": true,
  "conversation.item.retrieved": true,
  "conversation.item.truncated": true,
  "error": true,
  "input_audio_buffer.cleared": true,
  "input_audio_buffer.committed": true,
  "input_audio_buffer.dtmf_event_received": true,
  "input_audio_buffer.speech_started": true,
  "input_audio_buffer.speech_stopped": true,
  "input_audio_buffer.timeout_triggered": true,
  "mcp_list_tools.completed": true,
  "mcp_list_tools.failed": true,
  "mcp_list_tools.in_progress": true,
  "output_audio_buffer.cleared": true,
  "output_audio_buffer.started": true,
  "output_audio_buffer.stopped": true,
  "rate_limits.updated": true,
  "response.content_part.added": true,
  "response.content_part.done": true,
  "response.created": true,
  "response.done": true,
  "response.function_call_arguments.delta": true,
  "response.function_call_arguments.done": true,
  "response.mcp_call.completed": true,
  "response.mcp_call.failed": true,
  "response.mcp_call.in_progress": true,
  "response.mcp_call_arguments.delta": true,
  "response.mcp_call_arguments.done": true,
  "response.output_audio.delta": true,
  "response.output_audio.done": true,
  "response.output_audio_transcript.delta": true,
  "response.output_audio_transcript.done": true,
  "response.output_item.added": true,
  "response.output_item.done": true,
  "response.output_text.delta": true,
  "response.output_text.done": true,
  "session.created": true,
  "session.updated": true,
};

/**
 * The types of all server events, in alphabetical order.
 *
 * @category Events
 */
export const SERVER_EVENT_TYPES: readonly ServerEventType[] = /* @__PURE__ */ Object.keys(TYPES) as ServerEventType[];

/**
 * Whether an event is of a type that this version knows.
 *
 * @category Events
 */
export function isKnownServerEvent(event: { readonly type: string }): event is ServerEvent {
  return Object.hasOwn(TYPES, event.type);
}
