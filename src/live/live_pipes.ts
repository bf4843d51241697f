// This module is browser compatible.
import type { PcmChunk } from "../audio/mod.ts";

/**
 * Source of the user's audio: a stream, an iterable such as a Node.js stream or a generator, or one piece of audio. Chunks
 * are of the kind that `input` takes. Bytes that begin with the header of a WAV file are read as WAV, whatever their rate.
 *
 * @category Audio
 */
export type LiveSource = ReadableStream<PcmChunk> | AsyncIterable<PcmChunk> | Iterable<PcmChunk> | PcmChunk;

/**
 * Sink for the model's audio; if a function returns a promise, the next piece waits for it.
 *
 * @category Audio
 */
export type LiveSink = WritableStream<Uint8Array<ArrayBuffer>> | ((bytes: Uint8Array<ArrayBuffer>) => unknown);

/**
 * Both ends of a session's audio; each is optional.
 *
 * @category Audio
 */
export interface LivePipes {
  /** Source of the user's audio. When it ends, silence follows. */
  from?: LiveSource | undefined;
  /** Sink for the model's audio; a stream is closed when the session ends, or when another sink replaces it. */
  to?: LiveSink | undefined;
}

/**
 * The result of piping.
 *
 * @category Audio
 */
export interface LivePipeResult {
  /** Error of the source, if it failed. */
  readonly fromError?: unknown;
  /** Error of the sink, if it failed. */
  readonly toError?: unknown;
}
