// This module is browser compatible.

/** Headers that let any page read an answer, as recorded. */
export const READABLE_BY_PAGES: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "Location, X-Request-Id",
};

/** Lets a page make the request that it asks about. */
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
