// This module is browser compatible.
import { randomId } from "../../_internal/ids.ts";

/** Letters and digits after the prefix in the server's ids: 21, but 16 in a `call_id`. */
const LENGTHS: ReadonlyMap<string, number> = new Map([["call", 16]]);
const USUAL_LENGTH = 21;

/** Makes identifiers as long as the server's. */
export function serverId(prefix: string): string {
  return randomId(prefix).slice(0, prefix.length + 1 + (LENGTHS.get(prefix) ?? USUAL_LENGTH));
}
