/** How long the end of a body waits for the news that its reader has gone, in milliseconds. */
const GRACE_MS = 20;

/** Options of {@linkcode watchedBody}. */
export interface WatchedBodyOptions {
  /** Called when the client has gone before it had the whole body. */
  readonly onGone: () => Promise<void>;
  /** Lets work go on after the answer. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/**
 * A body that tells whether its client was still there. Workers learn that a connection was closed only by writing to it:
 * the last character leaves a little after the others, and a connection that is gone by then cancels the body.
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
