// This module is browser compatible.

/**
 * OpenAI's Live API (`gpt-live-1`): full-duplex conversations without turn-taking.
 *
 * {@linkcode connectLive} opens a session, {@linkcode attachLive} joins one, {@linkcode forkLive} continues a stored
 * one. {@linkcode LiveRest} creates sessions for pages, answers telephones and downloads recordings.
 *
 * The session's time advances only with input audio, which a keeper sends when the source sends none. The model decides
 * itself when to speak: `say()` lets it say something, `inform()` sends it facts, `instruct()` steers it. It delegates
 * tasks to the application (`delegations()`), or to a model of the Responses API that calls `tools`.
 *
 * @module
 */
export type { ApiKey, ApiTarget, AzureTarget } from "../_internal/api_target.ts";
export type { Clock } from "../_internal/clock.ts";
export type { AudioKit, AudioResampler, WavPiece, WavPieceReader } from "../_media/audio_kit.ts";
export type { InputOverflow } from "../_media/input_options.ts";
export type { AudioInputSettings } from "../_media/input_settings.ts";
export type { ReconnectingEvent, RecoveredEvent, RecoveryFailedEvent } from "../_recovery/recovery_events.ts";
export type { ReconnectOptions } from "../_recovery/recovery_options.ts";
export type { RestClientOptions } from "../_rest/client_options.ts";
export type { PcmChunk } from "../audio/mod.ts";
export { type CloseInfo, ConnectionError, InvalidEventError, RealtimeApiError } from "../errors.ts";
export { LIVE_VOICES, toLiveIncomingCall } from "../protocol/mod.ts";
export { attachLive } from "./attach_live.ts";
export { connectLive } from "./connect_live.ts";
export { forkLive } from "./fork_live.ts";
export type {
  LiveDelegationTask,
  LiveDelegationWords,
  LiveInterval,
  LiveRequestOptions,
  LiveWaitOptions,
} from "./live_delegation.ts";
export type {
  LiveClosedEvent,
  LiveCloseResult,
  LiveEvent,
  LiveEventMap,
  LiveLocalEvent,
  LiveLocalEventMap,
} from "./live_events.ts";
export type { LiveMedia } from "./live_media.ts";
export type {
  AttachLiveOptions,
  ConnectLiveOptions,
  ForkLiveOptions,
  LiveAudioOptions,
  LiveChannelOptions,
  LiveLimits,
  LiveSessionOptions,
} from "./live_options.ts";
export type { LivePipeResult, LivePipes, LiveSink, LiveSource } from "./live_pipes.ts";
export { LiveRest, type LiveRestBodyOptions, type LiveRestCallOptions, type LiveRestOptions } from "./live_rest.ts";
export type {
  LiveAppendOptions,
  LiveCloseOptions,
  LiveInputClock,
  LiveMuteOptions,
  LiveSession,
} from "./live_session.ts";
export type { LiveToolCall, OnLiveToolApproval } from "./live_tool_call.ts";
export type { LiveSendOptions, LiveTransport } from "./live_transport.ts";
export type { LiveSpeaker, LiveTurn, LiveTurnOptions } from "./live_turn.ts";
export type { LiveBackendUsage, LiveSessionUsage } from "./live_usage.ts";
export { openLiveChannel } from "./open_live_channel.ts";
export { type LiveRecordedPiece, splitRecording } from "./split_recording.ts";
