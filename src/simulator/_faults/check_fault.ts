// This module is browser compatible.
import { closestName } from "../../_internal/closest_name.ts";
import { isRecord } from "../../_internal/wire.ts";
import { wireTypes } from "../_profiles/wire_types.ts";
import type { Fault } from "../faults.ts";
import {
  checkMembers,
  countFrom,
  FLAG,
  type MemberRule,
  numberFrom,
  required,
  TEXT,
  valueThat,
} from "./fault_members.ts";

/** The names of a fault's members. */
type Members<Each> = { readonly [Name in Exclude<keyof Each, "type">]-?: MemberRule };

const MS = numberFrom(0);
const TIMING = { afterMs: MS, at: eventType(), skip: countFrom(0) };
const FRAMES = { ...TIMING, times: countFrom(1) };
const REPLIES = { skip: countFrom(0), times: countFrom(1) };

/** The members of each fault. */
const MEMBERS: { readonly [Type in Fault["type"]]: Members<Extract<Fault, { readonly type: Type }>> } = {
  drop: { ...TIMING, code: countFrom(1000, 4999), reason: TEXT },
  silence: TIMING,
  stall: { ...TIMING, ms: required(MS) },
  slow: { ...TIMING, bytesPerSecond: numberFrom(1), msPerFrame: MS },
  duplicate: FRAMES,
  reorder: { ...TIMING, frames: countFrom(1) },
  truncate: { ...FRAMES, keep: numberFrom(0, 1) },
  binary: FRAMES,
  garbage: {
    ...TIMING,
    frame: valueThat("a string or bytes", (value) => typeof value === "string" || value instanceof Uint8Array),
  },
  huge: { ...TIMING, characters: countFrom(0) },
  unknown_event: { ...TIMING, event: valueThat("an object", isRecord) },
  error_storm: { ...TIMING, count: countFrom(0), everyMs: MS, code: TEXT },
  overtake: { ...TIMING, events: eventTypes(), ms: MS },
  rate_limit: { ...REPLIES, refuses: FLAG, retryAfterSeconds: numberFrom(0) },
  no_credit: REPLIES,
  transcription_stops: { ...REPLIES, afterDeltas: countFrom(0), completes: FLAG },
  expire: { ...TIMING, announces: FLAG },
};

/**
 * Checks a fault that a test has set.
 *
 * @throws {TypeError} when the fault is unknown, or a member of it is unknown or of the wrong type.
 * @throws {RangeError} when one of its numbers is missing or out of range.
 */
export function checkFault(fault: Fault): void {
  checkMembers("fault", fault, MEMBERS);
}

/** A type of server events. */
function eventType(): MemberRule {
  return { mistakeOf: (value) => TEXT.mistakeOf(value) ?? misspeltOf(value as string, "a type of server events") };
}

/** A list of them. */
function eventTypes(): MemberRule {
  const list = valueThat("a list of event types", (value) => Array.isArray(value) && value.every(isText));
  return {
    mistakeOf: (value) =>
      list.mistakeOf(value) ??
        (value as string[]).map((type) => misspeltOf(type, "a list of types of server events")).find(Boolean),
  };
}

/** A fault at a type that is never sent would do nothing. A test may make up types, unless they resemble known ones. */
function misspeltOf(type: string, wanted: string): ReturnType<MemberRule["mistakeOf"]> {
  const types = wireTypes();
  const closest = types.has(type) ? undefined : closestName(type, types);
  return closest === undefined ? undefined : { kind: TypeError, wanted: `${wanted}, such as ${closest}` };
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}
