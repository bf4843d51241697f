// This module is browser compatible.
import { ConnectionError, type ConnectionErrorOptions } from "../errors.ts";
import type { DialRequest } from "./socket.ts";

/** The error for a request that cannot be dialled. */
export function cannotConnect({ url }: DialRequest, why: string, options: ConnectionErrorOptions): ConnectionError {
  return new ConnectionError(`Cannot connect to ${url} as ${why}`, { ...options, url: `${url}` });
}
