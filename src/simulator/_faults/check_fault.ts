// This module is browser compatible.
import { checkOptions, type OptionNames } from "../../_internal/check_options.ts";
import type { Fault } from "../faults.ts";

/** Numbers of each fault, besides those that all have. */
const NUMBERS: Readonly<Record<Fault["type"], readonly string[]>> = {
  drop: ["code"],
  silence: [],
  stall: ["ms"],
  slow: ["bytesPerSecond", "msPerFrame"],
  duplicate: ["times"],
  reorder: ["frames"],
  truncate: ["keep", "times"],
  binary: ["times"],
  garbage: [],
  huge: ["characters"],
  unknown_event: [],
  error_storm: ["count", "everyMs"],
  overtake: ["ms"],
  rate_limit: ["times", "retryAfterSeconds"],
  no_credit: ["times"],
  transcription_stops: ["times", "afterDeltas"],
  expire: [],
};

type AnyMember<F> = F extends Fault ? keyof F : never;

/** The members of all faults: a list of several may give each of them what only some have. */
const MEMBERS: OptionNames<Record<AnyMember<Fault>, unknown>> = {
  afterDeltas: 1,
  afterMs: 1,
  announces: 1,
  at: 1,
  bytesPerSecond: 1,
  characters: 1,
  code: 1,
  completes: 1,
  count: 1,
  event: 1,
  events: 1,
  everyMs: 1,
  frame: 1,
  frames: 1,
  keep: 1,
  ms: 1,
  msPerFrame: 1,
  reason: 1,
  refuses: 1,
  retryAfterSeconds: 1,
  skip: 1,
  times: 1,
  type: 1,
};

/** Least and most of the numbers that are not just from 0 on. */
const RANGES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  bytesPerSecond: [1, Infinity],
  code: [1000, 4999],
  frames: [1, Infinity],
  keep: [0, 1],
  times: [1, Infinity],
};

/**
 * Checks a fault that a test has set.
 *
 * @throws {TypeError} when there is no such fault, or no fault has such a member.
 * @throws {RangeError} when one of its numbers is missing or out of range.
 */
export function checkFault(fault: Fault): void {
  const { type } = fault;
  if (!Object.hasOwn(NUMBERS, type)) {
    throw new TypeError(
      `Cannot set a fault as type must be one of ${Object.keys(NUMBERS).join(", ")}: current value is ${type}`,
    );
  }
  checkOptions(`set the fault ${type}`, fault, MEMBERS);
  for (const name of ["afterMs", "skip", ...NUMBERS[type]]) {
    const value = (fault as unknown as Readonly<Record<string, number | undefined>>)[name];
    if (value === undefined && !(name === "ms" && type === "stall")) continue;
    const [least, most] = RANGES[name] ?? [0, Infinity];
    if (value !== undefined && value >= least && value <= most) continue;
    const wanted = most === Infinity ? `>= ${least}` : `from ${least} to ${most}`;
    throw new RangeError(`Cannot set the fault ${type} as ${name} must be ${wanted}: current value is ${value}`);
  }
}
