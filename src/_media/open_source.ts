// This module is browser compatible.
import { show } from "../_internal/text/show.ts";
import type { PcmChunk } from "../audio/mod.ts";

/** A stream, an iterable, or one piece of audio. */
export type AudioSource = ReadableStream<PcmChunk> | AsyncIterable<PcmChunk> | Iterable<PcmChunk> | PcmChunk;

/** A source of audio that is being read. */
export interface OpenSource {
  /** Reads the next chunk. */
  next(): Promise<{ readonly done?: boolean | undefined; readonly value?: unknown }>;
  /** Releases the source, which may never answer. */
  cancel(reason?: unknown): void;
}

/**
 * Starts reading a source.
 *
 * @throws {TypeError} when it is not a source, or is a locked stream.
 */
export function openSource(from: AudioSource): OpenSource {
  if (isChunk(from)) return openIterator([from][Symbol.iterator]());
  if (typeof from === "object" && from !== null) {
    if ("getReader" in from) return openStream(from);
    if (Symbol.asyncIterator in from) return openIterator(from[Symbol.asyncIterator]());
    if (Symbol.iterator in from) return openIterator(from[Symbol.iterator]());
  }
  throw new TypeError(
    `Cannot pipe from this source as it must be a ReadableStream, an iterable or audio: current value is ${show(from)}`,
  );
}

function isChunk(value: unknown): value is PcmChunk {
  return value instanceof Uint8Array || value instanceof Int16Array || value instanceof Float32Array;
}

function openStream(stream: ReadableStream<PcmChunk>): OpenSource {
  const reader = stream.getReader();
  return {
    next: () => reader.read(),
    cancel(reason) {
      reader.cancel(reason).catch(() => {});
      reader.releaseLock();
    },
  };
}

function openIterator(iterator: Iterator<PcmChunk> | AsyncIterator<PcmChunk>): OpenSource {
  return {
    next: async () => await iterator.next(),
    cancel() {
      // A running generator returns once its next value has arrived.
      Promise.resolve().then(() => iterator.return?.()).catch(() => {});
    },
  };
}
