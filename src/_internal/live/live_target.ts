// This module is browser compatible.
import { type ApiTarget, apiUrl } from "../api_target.ts";

/** Format of a session identifier. */
const SESSION_ID = /^live_[A-Za-z0-9_-]{1,128}$/;

/**
 * Checks that an identifier is that of a Live session.
 *
 * @throws {TypeError} when it is not, as it could lead to another endpoint.
 */
export function assertLiveId(id: string, action: string): void {
  if (typeof id === "string" && SESSION_ID.test(id)) return;
  const value = String(JSON.stringify(id)).slice(0, 60);
  throw new TypeError(
    `Cannot ${action} as the id of a Live session must be live_ and 1 to 128 letters, digits, _ and -: current value is ${value}`,
  );
}

/** The Live API, or a relay in front of it. */
export interface LiveTarget extends ApiTarget {
  /** Address that replaces the API's own, up to its sessions. */
  readonly url?: string | URL | undefined;
}

/**
 * Address of a socket, without credentials.
 *
 * @throws {TypeError} when the base URL is malformed, has another scheme or contains credentials.
 */
export function liveUrl(options: LiveTarget, path: string, query: Readonly<Record<string, string>> = {}): URL {
  const url = options.url === undefined
    ? apiUrl(options, `/live/sessions${path}`, "connect", "ws")
    : apiUrl({ baseUrl: options.url }, path, "connect", "ws");
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}
