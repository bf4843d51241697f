// This module is browser compatible.

/**
 * A client for OpenAI's Realtime API: sessions, voice, tools and the WebSocket transport, with web standards only.
 *
 * @example A whole conversation, against the embedded simulator
 * ```ts
 * import { connect } from "@oai-rt/edge";
 * import { createSimulator } from "@oai-rt/edge/simulator";
 * import { assert } from "@std/assert";
 *
 * await using session = await connect({
 *   apiKey: "sk-test",
 *   dial: createSimulator().dial,
 *   outputModalities: ["text"],
 * });
 * const { text } = await session.ask("Good morning!");
 * assert(text.length > 0);
 * ```
 *
 * @module
 */
export { type Clock, systemClock } from "./src/_internal/clock.ts";
export { type IdGenerator, randomId } from "./src/_internal/ids.ts";
export type { PcmChunk } from "./src/audio/mod.ts";
export { connect, type ConnectOptions, connectWith, type ConnectWithOptions } from "./src/connect.ts";
export {
  connectTranscription,
  type ConnectTranscriptionOptions,
  type DrainedTranscription,
  type DrainTranscriptionOptions,
  RealtimeTranscription,
  type TranscriptionHints,
  type TranscriptionOptions,
  type TranscriptionSpeech,
  type TranscriptionUtterance,
} from "./src/connect_transcription.ts";
export {
  type CloseTranslationOptions,
  connectTranslation,
  type ConnectTranslationOptions,
  RealtimeTranslation,
  type TranslationEnd,
  type TranslationOptions,
  type TranslationSettings,
  type TranslationTransport,
  type TranslationWords,
  type UpdateTranslationOptions,
} from "./src/connect_translation.ts";
export {
  type CloseInfo,
  ConnectionError,
  type ConnectionErrorKind,
  type EventIssue,
  InvalidEventError,
  RealtimeApiError,
} from "./src/errors.ts";
export {
  type ClientEvent,
  isServerEvent,
  isUnknownServerEvent,
  type Item,
  type ItemParam,
  type NoiseReduction,
  type OutputModality,
  type RealtimeResponse,
  type RealtimeSession,
  type Reasoning,
  type ServerEvent,
  type SessionConfig,
  type Tool,
  type ToolChoice,
  type TranscriptionConfig,
  type TranscriptionSession,
  type TurnDetection,
  type Voice,
} from "./src/protocol/mod.ts";
export {
  type AddItemOptions,
  type ApisOf,
  type AskOutcome,
  type CommandOptions,
  type ConversationEntry,
  conversationPart,
  type ConversationView,
  CoreSession,
  type CoreSessionOptions,
  costOf,
  type Dialect,
  type DialectFrame,
  type DrainOptions,
  type DrainResult,
  guardTranscript,
  type GuardTranscriptOptions,
  type InstalledPart,
  isLocalEvent,
  type LocalEvent,
  logFrames,
  type Logger,
  logPart,
  mcpApprovalsPart,
  type OnMcpApproval,
  type OnToolApproval,
  openSession,
  type OpenSessionOptions,
  openSessionWith,
  type PriceTable,
  type RateLimitStatus,
  type ReconnectOptions,
  RECOVERY_RULES,
  type RecoveryEvent,
  type RecoveryOptions,
  recoveryPart,
  redactFrame,
  type RespondOptions,
  type ResponseHandle,
  type ResponseOutcome,
  type ResponseSettings,
  Session,
  type SessionChanges,
  type SessionEvent,
  type SessionEventMap,
  type SessionHost,
  type SessionLimits,
  type SessionOptions,
  type SessionPart,
  type SessionSettings,
  tapFrames,
  type ToolCallDetails,
  type ToolDispatcher,
  toolsPart,
  truncationPart,
  turnMetricsPart,
  type UsageLine,
  usageLines,
  usagePart,
  type UserContent,
  withDialect,
} from "./src/session/mod.ts";
export {
  defineTool,
  type JsonSchema,
  type JsonSchemaToolDefinition,
  type RealtimeTool,
  type SchemaToolDefinition,
  type StandardIssue,
  type StandardResult,
  type StandardSchema,
  type StandardToolDefinition,
  type ToolContext,
  ToolError,
  type ToolFiller,
  type ToolFollowUp,
  type ToolOptions,
  type ToolSession,
} from "./src/tools/mod.ts";
export {
  type ApiKey,
  type AzureTarget,
  connectWebSocket,
  type ConnectWebSocketOptions,
  createDialer,
  createMemorySocketPair,
  createTransport,
  DEFAULT_MODEL,
  type Dial,
  type IncomingEvent,
  type SendOptions,
  type Socket,
  type Transport,
} from "./src/transport/mod.ts";
export {
  type AudioChunk,
  type AudioKit,
  type AudioSink,
  type AudioSource,
  connectVoice,
  type ConnectVoiceOptions,
  type PipeResult,
  type PlaybackSource,
  type PlayoutItem,
  type PlayoutTracker,
  type PlayoutTruncation,
  type TalkTurn,
  type Utterance,
  VOICE_PRESETS,
  type VoiceEvent,
  type VoiceEventMap,
  type VoiceOptions,
  type VoicePipes,
  VoiceSession,
  type VoiceTrack,
} from "./src/voice/mod.ts";
