// This module is browser compatible.
import type { ItemParam } from "../conversation/item_param.ts";
import type { ResponseConfig } from "../response/response_config.ts";
import type { SessionConfig } from "../session/session_config.ts";

/**
 * Fields of every client event.
 *
 * @category Events
 */
export interface ClientEventBase {
  /** Id of this event, at most 512 characters; an `error` caused by it repeats the id. */
  readonly event_id?: string | undefined;
}

/**
 * Changes the session's settings. Answered by `session.updated`; one bad field discards the whole event.
 *
 * @category Events
 */
export interface SessionUpdateEvent extends ClientEventBase {
  /** Kind of event. */
  readonly type: "session.update";
  /** Settings to change. */
  readonly session: SessionConfig;
}

/**
 * Adds audio of the user to the input buffer. Not answered.
 *
 * @category Events
 */
export interface InputAudioBufferAppendEvent extends ClientEventBase {
  /** Kind of event. */
  readonly type: "input_audio_buffer.append";
  /** Audio, base64, in the session's input format; at most 15 MiB decoded. */
  readonly audio: string;
}

/**
 * Creates a message of the user from the input buffer, without requesting a response. Answered by
 * `input_audio_buffer.committed`; less than 100 ms of audio are rejected. Not needed with turn detection.
 *
 * @category Events
 */
export interface InputAudioBufferCommitEvent extends ClientEventBase {
  /** Kind of event. */
  readonly type: "input_audio_buffer.commit";
}

/**
 * Throws the input buffer away. Answered by `input_audio_buffer.cleared`.
 *
 * @category Events
 */
export interface InputAudioBufferClearEvent extends ClientEventBase {
  /** Kind of event. */
  readonly type: "input_audio_buffer.clear";
}

/**
 * Stops the audio that the server is playing; WebRTC and SIP only. Answered by `output_audio_buffer.cleared`. Send
 * `response.cancel` first, so that no further audio is generated.
 *
 * @category Events
 */
export interface OutputAudioBufferClearEvent extends ClientEventBase {
  /** Kind of event. */
  readonly type: "output_audio_buffer.clear";
}

/**
 * Adds an item to the conversation. Answered by `conversation.item.added` and `.done`.
 *
 * @category Events
 */
export interface ConversationItemCreateEvent extends ClientEventBase {
  /** Kind of event. */
  readonly type: "conversation.item.create";
  /** The item. */
  readonly item: ItemParam;
  /** Item that it follows; `"root"` puts it first, absent puts it last. An unknown one is refused. */
  readonly previous_item_id?: string | null | undefined;
}

/**
 * Retrieves the server's version of an item, including audio. Answered by `conversation.item.retrieved`.
 *
 * @category Events
 */
export interface ConversationItemRetrieveEvent extends ClientEventBase {
  /** Kind of event. */
  readonly type: "conversation.item.retrieve";
  /** Identifier of the item. */
  readonly item_id: string;
}

/**
 * Truncates the model's speech to the part that was heard, so that the model knows; its transcript is deleted. Answered
 * by `conversation.item.truncated`.
 *
 * @category Events
 */
export interface ConversationItemTruncateEvent extends ClientEventBase {
  /** Kind of event. */
  readonly type: "conversation.item.truncate";
  /** Identifier of the model's message. */
  readonly item_id: string;
  /** Index of the content in the message; 0. */
  readonly content_index: number;
  /** Milliseconds that were heard, a whole number; more than there is of audio is refused. */
  readonly audio_end_ms: number;
}

/**
 * Removes an item from the conversation. Answered by `conversation.item.deleted`.
 *
 * @category Events
 */
export interface ConversationItemDeleteEvent extends ClientEventBase {
  /** Kind of event. */
  readonly type: "conversation.item.delete";
  /** Identifier of the item. */
  readonly item_id: string;
}

/**
 * Requests a response. Answered by `response.created`, the events of its output, and `response.done`.
 *
 * @category Events
 */
export interface ResponseCreateEvent extends ClientEventBase {
  /** Kind of event. */
  readonly type: "response.create";
  /** Settings of this response that differ from the session. */
  readonly response?: ResponseConfig | undefined;
}

/**
 * Ends a response before it is done. Answered by `response.done` with status `cancelled`.
 *
 * @category Events
 */
export interface ResponseCancelEvent extends ClientEventBase {
  /** Kind of event. */
  readonly type: "response.cancel";
  /** Identifier of the response; by default that of the default conversation. */
  readonly response_id?: string | undefined;
}
