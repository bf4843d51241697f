// This module is browser compatible.
import type { PcmChunk } from "../audio/mod.ts";
import type { AudioChunk } from "./audio_chunk.ts";

/**
 * Source of the user's audio: a stream, an iterable such as a Node.js stream or a generator, or one piece of audio.
 * Chunks are of the types that `input` accepts. Bytes that begin with the header of a WAV file are read as WAV, at any
 * sample rate.
 *
 * @category Voice
 */
export type AudioSource = ReadableStream<PcmChunk> | AsyncIterable<PcmChunk> | Iterable<PcmChunk> | PcmChunk;

/**
 * Sink for the model's audio: a stream of bytes in the session's output format, or a function that is called with each
 * chunk; if it returns a promise, the next chunk waits for it.
 *
 * @category Voice
 */
export type AudioSink =
  | WritableStream<Uint8Array<ArrayBuffer>>
  | ((bytes: Uint8Array<ArrayBuffer>, chunk: AudioChunk) => unknown);

/**
 * Both ends of a voice session's audio; each is optional.
 *
 * @category Voice
 */
export interface VoicePipes {
  /** Source of the user's audio. When it ends, the turn ends as `inputEnd` specifies. */
  from?: AudioSource | undefined;
  /** Sink for the model's audio. A stream is closed when the session ends, or when another sink replaces it. */
  to?: AudioSink | undefined;
}

/**
 * The result of piping.
 *
 * @category Voice
 */
export interface PipeResult {
  /** Error of the source, if it failed. */
  readonly fromError?: unknown;
  /** Error of the sink, if it failed. */
  readonly toError?: unknown;
}
