// This module is browser compatible.
export type { AudioFormat, EffectiveAudioFormat, PcmaFormat, PcmFormat, PcmuFormat } from "./audio_format.ts";
export type {
  EffectiveReasoning,
  Include,
  MaxOutputTokens,
  Metadata,
  OutputModality,
  RealtimeModel,
  Reasoning,
  ReasoningEffort,
} from "./generation.ts";
export type { EffectiveNoiseReduction, NoiseReduction, NoiseReductionType } from "./noise_reduction.ts";
export type {
  EffectivePrompt,
  EffectiveTracing,
  EffectiveTracingConfig,
  Prompt,
  PromptCacheBreakpoint,
  PromptFile,
  PromptImage,
  PromptText,
  PromptVariable,
  PromptVariableBase,
  Tracing,
  TracingConfig,
} from "./prompt.ts";
export {
  type EffectiveAudio,
  type EffectiveAudioInput,
  type EffectiveAudioOutput,
  type EffectiveSession,
  isKnownSession,
  type RealtimeSession,
  type SessionBase,
  type TranscriptionSession,
  type UnknownSession,
} from "./session.ts";
export type {
  AudioConfig,
  AudioInputConfig,
  AudioOutputConfig,
  RealtimeSessionConfig,
  SessionConfig,
  TranscriptionAudioConfig,
  TranscriptionSessionConfig,
} from "./session_config.ts";
export type {
  ApiError,
  Conversation,
  ConversationCreatedEvent,
  RateLimit,
  RateLimitsUpdatedEvent,
  RealtimeErrorEvent,
  SessionCreatedEvent,
  SessionUpdatedEvent,
} from "./session_events.ts";
export type {
  EffectiveTranscription,
  TranscriptionConfig,
  TranscriptionDelay,
  TranscriptionModel,
} from "./transcription.ts";
export type {
  EffectiveTruncation,
  EffectiveTruncationRule,
  EffectiveTruncationTokenLimits,
  RetentionTruncation,
  Truncation,
  TruncationTokenLimits,
} from "./truncation.ts";
export type {
  EffectiveTurnDetection,
  SemanticVad,
  ServerVad,
  TurnDetection,
  TurnDetectionBase,
  VadEagerness,
} from "./turn_detection.ts";
export type { CustomVoice, Voice, VoiceName } from "./voice.ts";
