/** Delay of the end of a body until a disconnected client is detected, in milliseconds. */
const GRACE_MS = 20;

/** Options of {@linkcode watchedBody}. */
export interface WatchedBodyOptions {
  /** Called when the client has disconnected before it received the whole body. */
  readonly onGone: () => Promise<void>;
  /** Lets work continue after the response. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/**
 * Creates a body that detects whether its client was still connected. Workers detect a closed connection only by
 * writing to it: the last character is sent slightly later than the others, and a connection closed by then cancels the
 * body.
 */
export function watchedBody(text: string, { onGone, waitUntil }: WatchedBodyOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const delivered = Promise.withResolvers<void>();
  waitUntil(delivered.promise);
  let isBegun = false;
  return new ReadableStream({
    async pull(controller) {
      if (!isBegun && text.length > 1) {
        isBegun = true;
        return controller.enqueue(encoder.encode(text.slice(0, -1)));
      }
      await new Promise((resolve) => setTimeout(resolve, GRACE_MS));
      controller.enqueue(encoder.encode(text.slice(-1)));
      controller.close();
      delivered.resolve();
    },
    async cancel() {
      await onGone();
      delivered.resolve();
    },
  }, { highWaterMark: 0 });
}
