// This module is browser compatible.
import { TranslationClientEventSchemas } from "../_schemas/translation.ts";
import type { RealtimeErrorEvent } from "../session/session_events.ts";
import type {
  TranslationInputAudioBufferAppendEvent,
  TranslationInputTranscriptDeltaEvent,
  TranslationOutputAudioDeltaEvent,
  TranslationOutputTranscriptDeltaEvent,
  TranslationSessionClosedEvent,
  TranslationSessionCloseEvent,
  TranslationSessionCreatedEvent,
  TranslationSessionUpdatedEvent,
  TranslationSessionUpdateEvent,
} from "./translation_events.ts";

/**
 * Client events of a translation session by their type.
 *
 * @category Translation
 */
export interface TranslationClientEventMap {
  /** Ends the session once everything sent is translated. */
  readonly "session.close": TranslationSessionCloseEvent;
  /** Adds audio to translate. */
  readonly "session.input_audio_buffer.append": TranslationInputAudioBufferAppendEvent;
  /** Changes the session's settings. */
  readonly "session.update": TranslationSessionUpdateEvent;
}

/**
 * Type of a client event of a translation session.
 *
 * @category Translation
 */
export type TranslationClientEventType = keyof TranslationClientEventMap;

/**
 * An event that a client may send to a translation session.
 *
 * @category Translation
 */
export type TranslationClientEvent = TranslationClientEventMap[TranslationClientEventType];

/**
 * The types of all client events of a translation session, in alphabetical order.
 *
 * @category Translation
 */
export const TRANSLATION_CLIENT_EVENT_TYPES: readonly TranslationClientEventType[] = /* @__PURE__ */ Object.keys(
  TranslationClientEventSchemas,
) as TranslationClientEventType[];

/**
 * Server events of a translation session by their type.
 *
 * @category Translation
 */
export interface TranslationServerEventMap {
  /** A client event was refused, or the server failed. */
  readonly "error": RealtimeErrorEvent;
  /** The session has ended. */
  readonly "session.closed": TranslationSessionClosedEvent;
  /** The session has begun. */
  readonly "session.created": TranslationSessionCreatedEvent;
  /** Further words of the speech, in the source language. */
  readonly "session.input_transcript.delta": TranslationInputTranscriptDeltaEvent;
  /** More of the translation, as audio. */
  readonly "session.output_audio.delta": TranslationOutputAudioDeltaEvent;
  /** More of the translation, as text. */
  readonly "session.output_transcript.delta": TranslationOutputTranscriptDeltaEvent;
  /** Answer to `session.update`. */
  readonly "session.updated": TranslationSessionUpdatedEvent;
}

/**
 * Type of a server event of a translation session.
 *
 * @category Translation
 */
export type TranslationServerEventType = keyof TranslationServerEventMap;

/**
 * An event of a translation session, of a type this version knows.
 *
 * @category Translation
 */
export type TranslationServerEvent = TranslationServerEventMap[TranslationServerEventType];

const SERVER_TYPES: Readonly<Record<TranslationServerEventType, true>> = {
  "error": true,
  "session.closed": true,
  "session.created": true,
  "session.input_transcript.delta": true,
  "session.output_audio.delta": true,
  "session.output_transcript.delta": true,
  "session.updated": true,
};

/**
 * Whether an event of a translation session is of a type that this version knows.
 *
 * @category Translation
 */
export function isKnownTranslationServerEvent(event: { readonly type: string }): event is TranslationServerEvent {
  return Object.hasOwn(SERVER_TYPES, event.type);
}

/**
 * The types of all server events of a translation session, in alphabetical order.
 *
 * @category Translation
 */
export const TRANSLATION_SERVER_EVENT_TYPES: readonly TranslationServerEventType[] = /* @__PURE__ */ Object.keys(
  SERVER_TYPES,
) as TranslationServerEventType[];
