// This module is browser compatible.
import { type ApiTarget, apiUrl } from "../api_target.ts";

/** What a session identifier looks like. */
const SESSION_ID = /^live_[A-Za-z0-9_-]{1,128}$/;

/**
 * Makes sure that an identifier is of a Live session.
 *
 * @throws {TypeError} when it is not: it could lead elsewhere.
 */
export function assertLiveId(id: string, action: string): void {
  if (typeof id === "string" && SESSION_ID.test(id)) return;
  const value = String(JSON.stringify(id)).slice(0, 60);
  throw new TypeError(
    `Cannot ${action} as the id of a Live session must be live_ and 1 to 128 letters, digits, _ and -: current value is ${value}`,
  );
}

/** Where the Live API is: there, or behind a relay. */
export interface LiveTarget extends ApiTarget {
  /** Address that takes the place of the API's own, up to its sessions. */
  readonly url?: string | URL | undefined;
}

/**
 * Address of a socket, without credentials.
 *
 * @throws {TypeError} when the base is not a URL, of another scheme, or has credentials in it.
 */
export function liveUrl(options: LiveTarget, path: string, query: Readonly<Record<string, string>> = {}): URL {
  const url = options.url === undefined
    ? apiUrl(options, `/live/sessions${path}`, "connect")
    : apiUrl({ baseUrl: options.url }, path, "connect");
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url;
}
