// This module is browser compatible.

/**
 * Spoken conversations: audio streams in and out, a ledger of what was heard, interruption that cuts there.
 *
 * @module
 */
export type { AudioChunk } from "./audio_chunk.ts";
export { DEFAULT_CHUNK_MS, type InputEnd, MAX_BUFFERED_BYTES } from "./_audio_input.ts";
export { DEFAULT_LEAD_MS, type PlaybackSource } from "./_audio_output.ts";
export * from "./connect_voice.ts";
export type { PipeResult, VoicePipes } from "./_pipe_voice.ts";
export * from "./playback_ledger.ts";
export type * from "./voice_events.ts";
export * from "./voice_session.ts";
