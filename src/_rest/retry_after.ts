// This module is browser compatible.

/**
 * Pause requested by a server, in milliseconds, at least 0: from `retry-after-ms`, or from `Retry-After` in seconds or
 * as a date. `undefined` when the server requests none.
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const ms = numberIn(headers.get("retry-after-ms"));
  if (ms !== undefined) return ms;
  const value = headers.get("retry-after")?.trim() ?? "";
  const seconds = numberIn(value);
  if (seconds !== undefined) return seconds * 1000;
  if (!value.endsWith("GMT")) return undefined;
  // The date of the response, as the local clock may be wrong.
  const now = Date.parse(headers.get("date") ?? "") || Date.now();
  const pauseMs = Date.parse(value) - now;
  return Number.isNaN(pauseMs) ? undefined : Math.max(0, pauseMs);
}

/** Whether the server says that the same request should be repeated; `undefined` when it does not say. */
export function shouldRetry(headers: Headers): boolean | undefined {
  const value = headers.get("x-should-retry")?.trim().toLowerCase();
  return value === "true" ? true : value === "false" ? false : undefined;
}

function numberIn(text: string | null): number | undefined {
  return /^\s*\d{1,12}(\.\d+)?\s*$/.test(text ?? "") ? Number(text) : undefined;
}
