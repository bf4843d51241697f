// This module is browser compatible.

/**
 * The wire of OpenAI's Live API (`gpt-live-1`): events, REST bodies and webhooks. Its names collide with those of
 * Realtime, and its shapes differ: a parser must know the product first.
 *
 * @module
 */
export type {
  LiveAudioFormat,
  LiveEffectiveAudioFormat,
  LivePcmaFormat,
  LivePcmFormat,
  LivePcmuFormat,
} from "./audio_format.ts";
export type {
  LiveDecisionCompletedEvent,
  LiveDecisionEvent,
  LiveDecisionItemCreatedEvent,
  LiveDecisionItemDeletedEvent,
  LiveDelegation,
  LiveDelegationCreatedEvent,
  LiveNestedEvent,
  LiveResponseEvent,
} from "./backend_events.ts";
export type {
  LiveBackendItem,
  LiveBackendMessage,
  LiveFunctionCallOutput,
  LiveOtherBackendItem,
} from "./backend_item.ts";
export type {
  LiveBackendTool,
  LiveFunctionTool,
  LiveHostedTool,
  LiveHostedToolType,
  LiveToolChoice,
  LiveToolChoiceObject,
} from "./backend_tool.ts";
export { checkLiveRestBody, type LiveRestBody } from "./check_rest_body.ts";
export {
  LIVE_CLIENT_EVENT_TYPES,
  LIVE_FORK_CLIENT_EVENT_TYPES,
  LIVE_SIDEBAND_CLIENT_EVENT_TYPES,
  type LiveClientEvent,
  type LiveClientEventMap,
  type LiveClientEventType,
  type LiveForkClientEvent,
  type LiveForkClientEventMap,
  type LiveOutgoingEvent,
  type LiveSidebandClientEvent,
  type LiveSidebandClientEventMap,
} from "./client_event.ts";
export type {
  LiveAppendEventBase,
  LiveClientEventBase,
  LiveCommentaryAppendEvent,
  LiveDecisionCreateEvent,
  LiveDecisionItemCreateEvent,
  LiveDecisionItemDeleteEvent,
  LiveDtmfSendEvent,
  LiveFixturePlayEvent,
  LiveForkSessionStartEvent,
  LiveInputAudioAppendEvent,
  LiveInputAudioMuteEvent,
  LiveInputAudioUnmuteEvent,
  LiveInstructionsAppendEvent,
  LiveResponseCreateEvent,
  LiveResponseItemCreateEvent,
  LiveSessionCloseEvent,
  LiveSessionStartEvent,
  LiveSessionUpdateEvent,
  LiveThinkingAppendEvent,
} from "./client_events.ts";
export { liveCodec, liveForkCodec, liveSidebandCodec } from "./codec.ts";
export type { LiveConnection } from "./connection.ts";
export type { LiveClientConfig, LiveDataChannelConfig, LiveServerEventSelector } from "./data_channel.ts";
export type {
  LiveChoiceAnswer,
  LiveChoiceProbability,
  LiveDecision,
  LiveDecisionAnswer,
  LiveDecisionInputDetails,
  LiveDecisionOutputDetails,
  LiveDecisionUsage,
  LiveLevelProbability,
  LivePredicateAnswer,
  LiveRefusalAnswer,
  LiveScoreAnswer,
} from "./decisions/decision.ts";
export type {
  LiveDecisionAssistantMessage,
  LiveDecisionCallBase,
  LiveDecisionCustomToolCall,
  LiveDecisionCustomToolCallOutput,
  LiveDecisionDeveloperMessage,
  LiveDecisionFunctionCall,
  LiveDecisionFunctionCallOutput,
  LiveDecisionItem,
  LiveDecisionMessage,
  LiveDecisionMessageBase,
  LiveDecisionOutputText,
  LiveDecisionRefusal,
  LiveDecisionSystemMessage,
  LiveDecisionUserMessage,
  LiveStoredDecisionItem,
} from "./decisions/decision_item.ts";
export type {
  LiveChoiceQuestion,
  LiveDecisionChoice,
  LiveDecisionInputImage,
  LiveDecisionInputJson,
  LiveDecisionInputText,
  LiveDecisionLevel,
  LiveDecisionPart,
  LiveDecisionQuestion,
  LiveDecisionTrigger,
  LivePredicateQuestion,
  LiveQuestionBase,
  LiveScoreQuestion,
  LiveTriggerQuestions,
} from "./decisions/decision_question.ts";
export type {
  LiveClientDelegation,
  LiveDecisionsConfig,
  LiveDecisionsDelegation,
  LiveDecisionsDelegationUpdate,
  LiveDecisionsUpdateConfig,
  LiveDelegationBase,
  LiveDelegationConfig,
  LiveDelegationUpdate,
  LiveEffectiveDecisions,
  LiveEffectiveDelegation,
  LiveEffectiveResponses,
  LiveReasoning,
  LiveResponsesConfig,
  LiveResponsesDelegation,
  LiveResponsesDelegationUpdate,
  LiveResponsesUpdateConfig,
  LiveTextConfig,
} from "./delegation.ts";
export type {
  LiveInitialAssistantItem,
  LiveInitialDeveloperItem,
  LiveInitialItem,
  LiveInitialItemBase,
  LiveInitialUserItem,
  LiveInputText,
  LiveOutputText,
} from "./initial_item.ts";
export {
  MAX_LIVE_ALLOWED_EVENTS,
  MAX_LIVE_APPEND_TOKENS,
  MAX_LIVE_FIXTURE_BYTES,
  MAX_LIVE_INPUT_ITEMS,
  MAX_LIVE_INPUT_TOKENS,
  MAX_LIVE_INSTRUCTIONS_TOKENS,
  MAX_LIVE_PENDING_BYTES,
  MAX_LIVE_PENDING_ITEMS,
  MAX_LIVE_SESSION_MS,
  MIN_LIVE_MAX_OUTPUT_TOKENS,
} from "./limits.ts";
export {
  type LiveClientEventResult,
  type ParsedLiveClientEvent,
  safeParseLiveClientEvent,
} from "./parse_client_event.ts";
export {
  isKnownLiveServerEvent,
  isLiveServerEvent,
  type LiveIncomingEvent,
  type LiveServerEventResult,
  type ParsedLiveServerEvent,
  parseLiveServerEvent,
  safeParseLiveServerEvent,
} from "./parse_server_event.ts";
export type {
  LiveCallAcceptRequest,
  LiveCallReferRequest,
  LiveCallRejectRequest,
  LiveCreatedSession,
  LiveCreatedTransport,
  LiveSessionCreateRequest,
  LiveSessionCreateResponse,
  LiveSessionForkRequest,
  LiveSipAuth,
  LiveSipTransport,
  LiveSipTrunk,
  LiveWebRtcTransport,
} from "./rest_bodies.ts";
export {
  LIVE_SERVER_EVENT_TYPES,
  type LiveServerEvent,
  type LiveServerEventMap,
  type LiveServerEventType,
} from "./server_event.ts";
export type {
  LiveApiError,
  LiveCloseReason,
  LiveCommentaryAppendedEvent,
  LiveContextWindow,
  LiveErrorEvent,
  LiveFixturePlayedEvent,
  LiveFixturePlayingEvent,
  LiveInfoEvent,
  LiveInputAudioMutedEvent,
  LiveInputAudioReflectionEvent,
  LiveInputAudioUnmutedEvent,
  LiveInputTranscriptDeltaEvent,
  LiveInstructionsAppendedEvent,
  LiveOutputAudioDeltaEvent,
  LiveOutputTranscriptDeltaEvent,
  LiveServerEventBase,
  LiveSessionClosedEvent,
  LiveSessionStartedEvent,
  LiveSessionUpdatedEvent,
  LiveThinkingAppendedEvent,
  LiveTimedEventBase,
  LiveUsage,
  LiveUsageUpdatedEvent,
} from "./server_events.ts";
export type {
  LiveAudioConfig,
  LiveCallSessionConfig,
  LiveEffectiveAudio,
  LiveEffectiveOutput,
  LiveEffectiveVoice,
  LiveForkAudioConfig,
  LiveForkSessionConfig,
  LiveMediaAudioConfig,
  LiveMediaForkConfig,
  LiveMediaSessionConfig,
  LiveModel,
  LiveOutputConfig,
  LiveSessionConfig,
  LiveSessionResource,
  LiveSessionSettings,
  LiveSessionUpdateConfig,
} from "./session_config.ts";
export { checkLiveClientEvent, type LiveStringifyOptions, stringifyLiveClientEvent } from "./stringify_client_event.ts";
export type {
  LiveCallError,
  LiveDtmfEventBase,
  LiveDtmfReceivedEvent,
  LiveDtmfSendNoteEvent,
  LiveDtmfSentEvent,
  LiveTransportAnsweredEvent,
  LiveTransportFailedEvent,
  LiveTransportRingingEvent,
} from "./transport_events.ts";
export { LIVE_VOICES, type LiveCustomVoice, type LiveVoice, type LiveVoiceName } from "./voice.ts";
export {
  type LiveCallIncomingEvent,
  type LiveConnectedSession,
  type LiveIncomingCall,
  type LiveTransportConnectedEvent,
  type LiveTransportIncomingEvent,
  type LiveWebhookEvent,
  type LiveWebhookEventBase,
  type LiveWebhookEventResult,
  type ParsedLiveWebhookEvent,
  safeParseLiveWebhookEvent,
  toLiveIncomingCall,
} from "./webhook.ts";
