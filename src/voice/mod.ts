// This module is browser compatible.

/**
 * Spoken conversations: audio streams in and out, a ledger of what was heard, interruption that cuts there.
 *
 * @module
 */
export type { InputEnd, InputOverflow } from "./_audio_input.ts";
export type { PlaybackSource } from "./_audio_output.ts";
export type { PipeResult, VoicePipes } from "./_pipe_voice.ts";
export * from "./audio_chunk.ts";
export * from "./audio_kit.ts";
export * from "./connect_voice.ts";
export * from "./playback_ledger.ts";
export * from "./talk_turn.ts";
export * from "./utterance.ts";
export * from "./voice_events.ts";
export * from "./voice_options.ts";
export * from "./voice_presets.ts";
export * from "./voice_session.ts";
