// This module is browser compatible.

/**
 * Voice in a page: microphone, loudspeaker, calls over WebRTC, and clients of the edge app.
 *
 * @module
 */
export * from "./audio_context.ts";
export * from "./call_stats.ts";
export * from "./connect_relay.ts";
export * from "./connect_voice_web_rtc.ts";
export * from "./connect_web_rtc.ts";
export * from "./controlled_call.ts";
export * from "./exchange_sdp.ts";
export * from "./microphone_error.ts";
export * from "./microphone_track.ts";
export * from "./open_microphone.ts";
export * from "./open_speaker.ts";
export * from "./peer_connection.ts";
export * from "./playback_position.ts";
export * from "./sound_gate.ts";
export * from "./speaker.ts";
export * from "./start_call.ts";
export * from "./web_rtc_call.ts";
export * from "./web_rtc_options.ts";
export * from "./web_rtc_transport.ts";
