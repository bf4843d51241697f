// This module is browser compatible.
import type { ContentPart, UnknownContentPart } from "../conversation/content_part.ts";
import type {
  ResponseContentEventBase,
  ResponseItemEventBase,
  ServerEventBase,
  TextDelta,
} from "../events/event_base.ts";
import type { Item, UnknownItem } from "../conversation/item.ts";
import type { RealtimeResponse } from "./response.ts";

/**
 * A response has begun: requested by `response.create`, or started by turn detection.
 *
 * @category Responses
 */
export interface ResponseCreatedEvent extends ServerEventBase {
  /** Kind of event. */
  readonly type: "response.created";
  /** The response, still without output. */
  readonly response: RealtimeResponse;
}

/**
 * A response has ended: completed, cancelled, incomplete or failed.
 *
 * @category Responses
 */
export interface ResponseDoneEvent extends ServerEventBase {
  /** Kind of event. */
  readonly type: "response.done";
  /** The response with all its items, without their audio. */
  readonly response: RealtimeResponse;
}

/**
 * An event that shows an item of a response.
 *
 * @category Responses
 */
export interface ResponseOutputItemEventBase extends ServerEventBase {
  /** Identifier of the response. */
  readonly response_id: string;
  /** Position of the item in the response. */
  readonly output_index: number;
  /** The item. */
  readonly item: Item | UnknownItem;
}

/**
 * A response begins an item. Items of one response may overlap.
 *
 * @category Responses
 */
export interface ResponseOutputItemAddedEvent extends ResponseOutputItemEventBase {
  /** Kind of event. */
  readonly type: "response.output_item.added";
}

/**
 * A response has finished an item.
 *
 * @category Responses
 */
export interface ResponseOutputItemDoneEvent extends ResponseOutputItemEventBase {
  /** Kind of event. */
  readonly type: "response.output_item.done";
}

/**
 * An event that shows a content of a response's item.
 *
 * @category Responses
 */
export interface ResponseContentPartEventBase extends ResponseContentEventBase {
  /** The content; its kind is `text` or `audio` here, `output_text` or `output_audio` in the item. */
  readonly part: ContentPart | UnknownContentPart;
}

/**
 * A response begins a content.
 *
 * @category Responses
 */
export interface ResponseContentPartAddedEvent extends ResponseContentPartEventBase {
  /** Kind of event. */
  readonly type: "response.content_part.added";
}

/**
 * A response has finished a content, or was ended.
 *
 * @category Responses
 */
export interface ResponseContentPartDoneEvent extends ResponseContentPartEventBase {
  /** Kind of event. */
  readonly type: "response.content_part.done";
}

/**
 * More text.
 *
 * @category Responses
 */
export interface ResponseOutputTextDeltaEvent extends ResponseContentEventBase, TextDelta {
  /** Kind of event. */
  readonly type: "response.output_text.delta";
}

/**
 * The text is complete, or was ended.
 *
 * @category Responses
 */
export interface ResponseOutputTextDoneEvent extends ResponseContentEventBase {
  /** Kind of event. */
  readonly type: "response.output_text.done";
  /** The whole text. */
  readonly text: string;
}

/**
 * More speech. Comes faster than it is heard; WebSocket only.
 *
 * @category Responses
 */
export interface ResponseOutputAudioDeltaEvent extends ResponseContentEventBase {
  /** Kind of event. */
  readonly type: "response.output_audio.delta";
  /** Audio, base64, in the session's output format. */
  readonly delta: string;
}

/**
 * The speech is complete, or was ended.
 *
 * @category Responses
 */
export interface ResponseOutputAudioDoneEvent extends ResponseContentEventBase {
  /** Kind of event. */
  readonly type: "response.output_audio.done";
}

/**
 * More of the words that are spoken; runs ahead of the audio.
 *
 * @category Responses
 */
export interface ResponseOutputAudioTranscriptDeltaEvent extends ResponseContentEventBase, TextDelta {
  /** Kind of event. */
  readonly type: "response.output_audio_transcript.delta";
}

/**
 * The words that are spoken are complete, or were ended.
 *
 * @category Responses
 */
export interface ResponseOutputAudioTranscriptDoneEvent extends ResponseContentEventBase {
  /** Kind of event. */
  readonly type: "response.output_audio_transcript.done";
  /** All the words. */
  readonly transcript: string;
}

/**
 * More of the arguments of a function call.
 *
 * @category Responses
 */
export interface ResponseFunctionCallArgumentsDeltaEvent extends ResponseItemEventBase, TextDelta {
  /** Kind of event. */
  readonly type: "response.function_call_arguments.delta";
  /** Identifier of the call. */
  readonly call_id: string;
}

/**
 * The arguments of a function call are complete, or were ended: they may be no valid JSON then.
 *
 * @category Responses
 */
export interface ResponseFunctionCallArgumentsDoneEvent extends ResponseItemEventBase {
  /** Kind of event. */
  readonly type: "response.function_call_arguments.done";
  /** Identifier of the call, which the output names. */
  readonly call_id: string;
  /** Name of the function. */
  readonly name: string;
  /** The arguments as JSON text, not always on one line. */
  readonly arguments: string;
}
