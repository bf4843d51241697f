// This module is browser compatible.

/** Headers that allow any page to read a response, as recorded. */
export const READABLE_BY_PAGES: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "Location, X-Request-Id",
};

/** Answers a preflight request: the page may make the request. */
export function preflight({ headers }: Request, method: string): Response {
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": method,
      "access-control-allow-headers": headers.get("access-control-request-headers") ?? "authorization, content-type",
    },
  });
}
