import type { RealtimeContext } from "../realtime_env.ts";

/** Headers of every answer: it is nothing to keep, to frame or to guess the type of. */
const MARKS = Object.entries({
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "SAMEORIGIN",
});

/**
 * Marks what the context will answer. Hono's `secureHeaders` sets such headers one by one on an answer that there is,
 * which takes runtimes about as long as to make the answer.
 */
export function mark(c: RealtimeContext): void {
  for (const [name, value] of MARKS) c.header(name, value);
}

/** A copy of an answer of the host, with the headers that those of the context have: it may not be the context's. */
export function markedCopy(response: Response, c: RealtimeContext): Response {
  const copy = new Response(response.body, response);
  if (copy.headers.get("X-Request-Id") === c.get("requestId")) return copy;
  for (const [name, value] of c.body(null).headers) {
    if (name === "set-cookie" || name === "vary") copy.headers.append(name, value);
    else copy.headers.set(name, value);
  }
  copy.headers.delete("X-Powered-By");
  return copy;
}
