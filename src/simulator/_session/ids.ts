// This module is browser compatible.
import type { IdGenerator } from "../../_internal/ids.ts";
import type { ServerProfile } from "../server_profile.ts";
import { randomLetters } from "./random_letters.ts";

/** Letters and digits after the prefix in the server's ids: 21, but 16 in a `call_id`. */
const LENGTHS: ReadonlyMap<string, number> = new Map([["call", 16]]);
const USUAL_LENGTH = 21;

/** Part of a call id after its prefix, as recorded. */
const INFIXES: ReadonlyMap<string, string> = new Map([["rtc", "u2_"]]);

/** Creates identifiers in the form of a server's. */
export function idsLike(shape: ServerProfile["idShape"]): IdGenerator {
  return shape === "prefixed" ? prefixed : uuid;
}

function prefixed(prefix: string): string {
  return `${prefix}_${INFIXES.get(prefix) ?? ""}${randomLetters(LENGTHS.get(prefix) ?? USUAL_LENGTH)}`;
}

function uuid(prefix: string): string {
  // A client secret is distinguished from an API key by its prefix.
  if (prefix === "ek") return prefixed(prefix);
  const id = crypto.randomUUID();
  // As recorded.
  if (prefix === "sess") return id.replaceAll("-", "");
  return prefix === "call" ? `call-${id}-0` : id;
}
