// This module is browser compatible.

/**
 * Spoken conversations: audio streams in and out, a ledger of what was heard, interruption that cuts there.
 *
 * @module
 */
export type { InputEnd } from "./_audio_input.ts";
export type { PlaybackSource } from "./_audio_output.ts";
export type { PipeResult, VoicePipes } from "./_pipe_voice.ts";
export * from "./audio_chunk.ts";
export * from "./connect_voice.ts";
export * from "./playback_ledger.ts";
export * from "./voice_events.ts";
export * from "./voice_session.ts";
