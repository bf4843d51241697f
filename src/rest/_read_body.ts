// This module is browser compatible.
import { onAbort } from "../_internal/timeout.ts";

/**
 * Reads a body of at most `maxBytes` bytes; returns `undefined` when there is more, and cancels the rest. Rejects with
 * the signal's reason when that is aborted, and with the body's error when it breaks off.
 */
export async function readBody(
  { body }: Request | Response,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  signal?.throwIfAborted();
  if (!body) return new Uint8Array(0);
  const reader = body.getReader();
  // Also ends the reading. An error while cancelling does not matter, as the source is no longer used.
  const letGo = () => void reader.cancel(signal?.reason).catch(() => undefined);
  const stopListening = onAbort(signal, letGo);
  try {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let length = 0;
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      chunks.push(read.value);
      length += read.value.length;
      if (!(length <= maxBytes)) return letGo();
    }
    signal?.throwIfAborted();
    return new Uint8Array(await new Blob(chunks).arrayBuffer());
  } finally {
    stopListening();
  }
}
