// This module is browser compatible.

/**
 * Pause requested by a server, in milliseconds, at least 0: from `retry-after-ms`, or from `Retry-After` in seconds or
 * as a date. `undefined` when the server requests none.
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const after = headers.get("retry-after") ?? "";
  // The date of the response, as the local clock may be wrong.
  const now = Date.parse(headers.get("date") ?? "") || Date.now();
  const untilMs = after.endsWith("GMT") ? Math.max(0, Date.parse(after) - now) : NaN;
  return [toNumber(headers.get("retry-after-ms")), toNumber(after) * 1000, untilMs].find((ms) => ms >= 0);
}

function toNumber(text: string | null): number {
  return /^[\d.]{1,20}$/.test(`${text}`) ? Number(text) : NaN;
}
