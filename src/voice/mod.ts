// This module is browser compatible.

/**
 * Spoken conversations: audio streams in and out, a record of the heard audio, and interruptions that truncate the
 * conversation at that position.
 *
 * @module
 */
export type { AudioKit, AudioResampler } from "../_media/audio_kit.ts";
export type { InputEnd, InputOverflow } from "../_media/input_options.ts";
export type { AudioInputSettings, AudioLag, AudioLagSettings } from "../_media/input_settings.ts";
export * from "./audio_chunk.ts";
export * from "./audio_ends.ts";
export * from "./connect_voice.ts";
export * from "./playout_tracker.ts";
export * from "./talk_turn.ts";
export * from "./utterance.ts";
export * from "./voice_events.ts";
export type { PlaybackSource, VoiceOptions, VoiceTrack } from "./voice_options.ts";
export * from "./voice_presets.ts";
export * from "./voice_session.ts";
