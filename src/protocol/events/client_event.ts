// This module is browser compatible.
import { ClientEventSchemas } from "../_schemas/client_event.ts";
import type {
  ConversationItemCreateEvent,
  ConversationItemDeleteEvent,
  ConversationItemRetrieveEvent,
  ConversationItemTruncateEvent,
  InputAudioBufferAppendEvent,
  InputAudioBufferClearEvent,
  InputAudioBufferCommitEvent,
  OutputAudioBufferClearEvent,
  ResponseCancelEvent,
  ResponseCreateEvent,
  SessionUpdateEvent,
} from "./client_events.ts";

/**
 * Client events by their type.
 *
 * @category Events
 */
export interface ClientEventMap {
  /** Adds an item to the conversation. */
  readonly "conversation.item.create": ConversationItemCreateEvent;
  /** Removes an item from the conversation. */
  readonly "conversation.item.delete": ConversationItemDeleteEvent;
  /** Retrieves the server's version of an item. */
  readonly "conversation.item.retrieve": ConversationItemRetrieveEvent;
  /** Truncates the model's speech to the part that was heard. */
  readonly "conversation.item.truncate": ConversationItemTruncateEvent;
  /** Adds audio of the user to the input buffer. */
  readonly "input_audio_buffer.append": InputAudioBufferAppendEvent;
  /** Throws the input buffer away. */
  readonly "input_audio_buffer.clear": InputAudioBufferClearEvent;
  /** Creates a message of the user from the input buffer. */
  readonly "input_audio_buffer.commit": InputAudioBufferCommitEvent;
  /** Stops the audio that the server is playing. */
  readonly "output_audio_buffer.clear": OutputAudioBufferClearEvent;
  /** Ends a response before it is done. */
  readonly "response.cancel": ResponseCancelEvent;
  /** Asks the model for a response. */
  readonly "response.create": ResponseCreateEvent;
  /** Changes the session's settings. */
  readonly "session.update": SessionUpdateEvent;
}

/**
 * Type of a client event.
 *
 * @category Events
 */
export type ClientEventType = keyof ClientEventMap;

/**
 * An event that a client may send to a conversation or transcription session.
 *
 * @category Events
 */
export type ClientEvent = ClientEventMap[ClientEventType];

/**
 * The types of all client events, in alphabetical order.
 *
 * @category Events
 */
export const CLIENT_EVENT_TYPES: readonly ClientEventType[] = /* @__PURE__ */ Object.keys(
  ClientEventSchemas,
) as ClientEventType[];
