// This module is browser compatible.

/**
 * Voice in a page: microphone, loudspeaker, calls over WebRTC, and clients of the edge app.
 *
 * `connectVoiceWebRtc` opens a spoken conversation whose sound the browser carries; `startCall` opens one that the
 * server controls. Over a WebSocket, `openMicrophone` and `openSpeaker` are the two ends of `voice.pipe`.
 *
 * @example A conversation through the edge app at /realtime
 * ```ts ignore
 * import { connectVoiceWebRtc, viaApp } from "@oai-rt/edge/browser";
 *
 * const voice = await connectVoiceWebRtc({ exchange: viaApp("/realtime") });
 * for await (const { role, text } of voice.transcripts()) console.log(role, text);
 * ```
 *
 * @example Over the app's relay, with a microphone and a loudspeaker of the page
 * ```ts ignore
 * import { connectRelay, openMicrophone, openSpeaker } from "@oai-rt/edge/browser";
 *
 * const microphone = await openMicrophone();
 * const speaker = await openSpeaker();
 * const voice = await connectRelay("/realtime", { playbackSource: "reported", overflow: "drop-oldest" });
 * void voice.pipe({ from: microphone });
 * await speaker.play(voice);
 * ```
 *
 * @module
 */
export type {
  AnalyserNodeLike,
  AudioContextLike,
  AudioNodeLike,
  GainNodeLike,
  WorkletNodeLike,
} from "./audio_context.ts";
export type { CallStats } from "./call_stats.ts";
export { connectRelay, type ConnectRelayOptions } from "./connect_relay.ts";
export {
  connectVoiceWebRtc,
  type ConnectVoiceWebRtcOptions,
  type WebRtcVoiceSession,
} from "./connect_voice_web_rtc.ts";
export { connectWebRtc } from "./connect_web_rtc.ts";
export type { ControlledCall } from "./controlled_call.ts";
export {
  type FetchLike,
  type SdpAnswer,
  type SdpExchange,
  type SdpExchangeOptions,
  viaApp,
  type ViaAppOptions,
  viaLiveApp,
  withSecret,
  type WithSecretOptions,
} from "./exchange_sdp.ts";
export { connectLiveRelay, type ConnectLiveRelayOptions } from "./live/connect_live_relay.ts";
export {
  connectLiveWebRtc,
  type ConnectLiveWebRtcOptions,
  type WebRtcLiveSession,
} from "./live/connect_live_web_rtc.ts";
export { MicrophoneError, type MicrophoneErrorCode } from "./microphone_error.ts";
export type { MicrophoneOptions, MicrophoneSettings } from "./microphone_options.ts";
export { type MicrophoneEvent, MicrophoneTrack } from "./microphone_track.ts";
export { type Microphone, openMicrophone, type OpenMicrophoneOptions } from "./open_microphone.ts";
export { openSpeaker, type OpenSpeakerOptions } from "./open_speaker.ts";
export type {
  AudioElementLike,
  DataChannelLike,
  Handler,
  MediaDevicesLike,
  MediaStreamLike,
  MediaStreamTrackLike,
  PeerConnectionLike,
  RtpSenderLike,
  StatsLike,
} from "./peer_connection.ts";
export type { PlaybackPosition } from "./playback_position.ts";
export type { RelayConnectionState } from "./relay_connection_state.ts";
export type { Playable, PlayableVoice, Speaker, SpokenPiece } from "./speaker.ts";
export { startCall, type StartCallOptions } from "./start_call.ts";
export type { WebRtcCall, WebRtcEvent } from "./web_rtc_call.ts";
export type { CallMicrophone, WebRtcOptions } from "./web_rtc_options.ts";
export type { WebRtcTransport } from "./web_rtc_transport.ts";
