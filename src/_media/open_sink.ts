// This module is browser compatible.
import { show } from "../_internal/text/show.ts";

/** A stream of bytes, or a function that is called with each chunk. */
export type AudioSink<Chunk> =
  | WritableStream<Uint8Array<ArrayBuffer>>
  | ((bytes: Uint8Array<ArrayBuffer>, chunk: Chunk) => unknown);

/** A sink for audio that is being written to. */
export interface OpenSink<Chunk> {
  /** Writes a chunk; resolves when there is room for more. */
  write(chunk: Chunk): Promise<unknown>;
  /** Ends the sink; resolves when it has received everything. */
  close(): Promise<void>;
  /** Releases the sink, or errors it. */
  leave(error?: unknown): void;
}

/**
 * Starts writing to a sink. `onError` is called when it fails, even while nothing is written.
 *
 * @throws {TypeError} when it is not a sink, or is a locked stream.
 */
export function openSink<Chunk>(
  to: AudioSink<Chunk>,
  bytesOf: (chunk: Chunk) => Uint8Array<ArrayBuffer>,
  onError: (error: unknown) => void,
): OpenSink<Chunk> {
  if (typeof to === "function") {
    return { write: async (chunk) => await to(bytesOf(chunk), chunk), close: () => Promise.resolve(), leave() {} };
  }
  if (typeof to !== "object" || to === null || !("getWriter" in to)) {
    throw new TypeError(
      `Cannot pipe to this sink as it must be a WritableStream or a function: current value is ${show(to)}`,
    );
  }
  const writer = to.getWriter();
  let isLeft = false;
  writer.closed.catch((error) => isLeft || onError(error));
  return {
    async write(chunk) {
      // `closed` rejects with the error.
      writer.write(bytesOf(chunk)).catch(() => {});
      // A chunk that waited here could be cut meanwhile.
      await writer.ready;
    },
    close: () => writer.close(),
    leave(error) {
      isLeft = true;
      if (error !== undefined) writer.abort(error).catch(() => {});
      writer.releaseLock();
    },
  };
}
