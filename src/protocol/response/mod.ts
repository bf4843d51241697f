// This module is browser compatible.
export type {
  EffectiveResponseAudio,
  EffectiveResponseAudioOutput,
  RealtimeResponse,
  ResponseError,
  ResponseStatus,
  ResponseStatusDetails,
  ResponseStatusReason,
} from "./response.ts";
export type { ResponseAudioConfig, ResponseAudioOutputConfig, ResponseConfig } from "./response_config.ts";
export type {
  ResponseContentPartAddedEvent,
  ResponseContentPartDoneEvent,
  ResponseContentPartEventBase,
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
  ResponseOutputItemEventBase,
  ResponseOutputTextDeltaEvent,
  ResponseOutputTextDoneEvent,
} from "./response_events.ts";
export {
  type DurationTranscriptionUsage,
  type InputTokenDetails,
  isKnownTranscriptionUsage,
  type OutputTokenDetails,
  type TokenDetails,
  type TokenTranscriptionUsage,
  type TranscriptionUsage,
  type UnknownTranscriptionUsage,
  type Usage,
} from "./usage.ts";
