import type { RealtimeContext } from "../realtime_env.ts";

/** Headers of every response, against caching, framing and type sniffing. */
const MARKS = Object.entries({
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "SAMEORIGIN",
});

/**
 * Sets these headers on the response that the context will create. Hono's `secureHeaders` sets them on an existing
 * response, one by one, which takes about as long as creating the response.
 */
export function mark(c: RealtimeContext): void {
  for (const [name, value] of MARKS) c.header(name, value);
}

/** Copies a response of the host, which may not come from the context, and adds the headers of the context. */
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
