// This module is browser compatible.
import type { AudioChunk } from "../audio_chunk.ts";
import type { AudioSink } from "../audio_ends.ts";
import { describe } from "./open_source.ts";

/** A sink for audio that is being written to. */
export interface OpenSink {
  /** Writes a chunk; resolves when there is room for more. */
  write(chunk: AudioChunk): Promise<unknown>;
  /** Ends the sink; resolves when it has taken everything. */
  close(): Promise<void>;
  /** Leaves the sink as it is, or ends it in an error. */
  leave(error?: unknown): void;
}

/**
 * Begins to write to a sink. `onError` is called when it fails, even while nothing is written.
 *
 * @throws {TypeError} when it is none, or is a stream that is locked.
 */
export function openSink(to: AudioSink, onError: (error: unknown) => void): OpenSink {
  if (typeof to === "function") {
    return { write: async (chunk) => await to(chunk.bytes, chunk), close: () => Promise.resolve(), leave() {} };
  }
  if (typeof to !== "object" || to === null || !("getWriter" in to)) {
    throw new TypeError(`Cannot pipe to this sink as it must be a WritableStream or a function: it is ${describe(to)}`);
  }
  const writer = to.getWriter();
  let isLeft = false;
  writer.closed.catch((error) => isLeft || onError(error));
  return {
    async write(chunk) {
      await writer.ready;
      // `closed` rejects with the error.
      writer.write(chunk.bytes).catch(() => {});
    },
    close: () => writer.close(),
    leave(error) {
      isLeft = true;
      if (error !== undefined) writer.abort(error).catch(() => {});
      writer.releaseLock();
    },
  };
}
