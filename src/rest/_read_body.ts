// This module is browser compatible.

/**
 * Reads a body of at most `maxBytes` bytes; gives `undefined` when there is more, and lets the rest go. Rejects with the
 * signal's reason when that is aborted, and with the body's error when it breaks off.
 */
export async function readBody(
  { body }: Request | Response,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  signal?.throwIfAborted();
  if (!body) return new Uint8Array(0);
  const reader = body.getReader();
  // Ends the reading, too. That the source could not be cancelled is nobody's concern once it is let go.
  const letGo = () => void reader.cancel(signal?.reason).catch(() => undefined);
  signal?.addEventListener("abort", letGo, { once: true });
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
    signal?.removeEventListener("abort", letGo);
  }
}
