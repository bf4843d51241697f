// This module is browser compatible.
import { ConnectionError, type ConnectionErrorOptions } from "../errors.ts";
import type { DialRequest } from "./socket.ts";

/** The error for a request that cannot be dialled. `detail` may be empty. */
export function cannotConnect(
  { url }: DialRequest,
  why: string,
  options: ConnectionErrorOptions,
  detail = "",
): ConnectionError {
  const message = `Cannot connect to ${url} as ${why}${detail && `: ${detail}`}`;
  return new ConnectionError(message, { ...options, url: `${url}` });
}
