// This module is browser compatible.

/**
 * The pause that a server asks for, in milliseconds, at least 0: by `retry-after-ms`, or by `Retry-After` in seconds or as
 * a date. `undefined` when it asks for none.
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const ms = numberIn(headers.get("retry-after-ms"));
  if (ms !== undefined) return ms;
  const value = headers.get("retry-after")?.trim() ?? "";
  const seconds = numberIn(value);
  if (seconds !== undefined) return seconds * 1000;
  if (!value.endsWith("GMT")) return undefined;
  // The date of the answer, as our own may be wrong.
  const now = Date.parse(headers.get("date") ?? "") || Date.now();
  const pauseMs = Date.parse(value) - now;
  return Number.isNaN(pauseMs) ? undefined : Math.max(0, pauseMs);
}

/** Whether the server says that the same request should be made again, or should not; `undefined` when it says neither. */
export function shouldRetry(headers: Headers): boolean | undefined {
  const value = headers.get("x-should-retry")?.trim().toLowerCase();
  return value === "true" ? true : value === "false" ? false : undefined;
}

function numberIn(text: string | null): number | undefined {
  return /^\s*\d+(\.\d+)?\s*$/.test(text ?? "") ? Number(text) : undefined;
}
