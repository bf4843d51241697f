// This module is browser compatible.
export {
  type IncomingTranslationServerEvent,
  isTranslationServerEvent,
  type ParsedTranslationServerEvent,
  parseTranslationServerEvent,
  safeParseTranslationServerEvent,
  type TranslationServerEventResult,
} from "./parse_translation_server_event.ts";
export {
  checkTranslationClientEvent,
  type ParsedTranslationClientEvent,
  safeParseTranslationClientEvent,
  stringifyTranslationClientEvent,
  type TranslationClientEventResult,
} from "./translation_client_event.ts";
export { translationCodec } from "./translation_codec.ts";
export {
  isKnownTranslationServerEvent,
  TRANSLATION_CLIENT_EVENT_TYPES,
  TRANSLATION_SERVER_EVENT_TYPES,
  type TranslationClientEvent,
  type TranslationClientEventMap,
  type TranslationClientEventType,
  type TranslationServerEvent,
  type TranslationServerEventMap,
  type TranslationServerEventType,
} from "./translation_event.ts";
export type {
  TranslationDeltaEventBase,
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
export type {
  EffectiveTranslationAudio,
  EffectiveTranslationInput,
  EffectiveTranslationOutput,
  TranslationAudioConfig,
  TranslationInputConfig,
  TranslationModel,
  TranslationNoiseReduction,
  TranslationOutputConfig,
  TranslationSession,
  TranslationSessionConfig,
  TranslationSessionCreateConfig,
  TranslationTranscription,
} from "./translation_session.ts";
