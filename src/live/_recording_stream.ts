// This module is browser compatible.
import { onAbort } from "../_internal/timeout.ts";
import { ConnectionError } from "../errors.ts";

/** Options of {@linkcode recordingStream}. */
interface RecordingStreamOptions {
  /** Ends the download when aborted. */
  readonly signal: AbortSignal | undefined;
  /** Address of the recording. */
  readonly url: string;
}

/**
 * The body of a recording. Its reader gets the signal's reason when that is aborted, and a `ConnectionError` when the
 * body breaks off.
 */
export function recordingStream(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { signal, url }: RecordingStreamOptions,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  let stopListening = () => {};
  return new ReadableStream({
    start(controller) {
      const abort = () => {
        controller.error(signal?.reason);
        // The source is no longer used, so that its own error does not matter.
        reader.cancel(signal?.reason).catch(() => {});
      };
      stopListening = onAbort(signal, abort);
      // It may have been aborted since the download began.
      if (signal?.aborted) abort();
    },
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (signal?.aborted) return;
        if (!done) return controller.enqueue(value);
        stopListening();
        controller.close();
      } catch (cause) {
        stopListening();
        const message = "Cannot download a recording as the connection has ended early";
        controller.error(new ConnectionError(message, { kind: "closed", url, cause }));
      }
    },
    async cancel(reason) {
      stopListening();
      await reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}
