// This module is browser compatible.
export type {
  InputAudioBufferClearedEvent,
  InputAudioBufferCommittedEvent,
  InputAudioBufferDtmfEventReceivedEvent,
  InputAudioBufferSpeechStartedEvent,
  InputAudioBufferSpeechStoppedEvent,
  InputAudioBufferTimeoutTriggeredEvent,
  OutputAudioBufferClearedEvent,
  OutputAudioBufferEventBase,
  OutputAudioBufferStartedEvent,
  OutputAudioBufferStoppedEvent,
} from "./audio_buffer_events.ts";
export { stringifyAudioAppend } from "./stringify_audio_append.ts";
