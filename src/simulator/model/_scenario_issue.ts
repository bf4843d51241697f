// This module is browser compatible.

import type * as v from "valibot";
import { closestName } from "../../_internal/closest_name.ts";
import { ScenarioSchema } from "./_scenario_schema.ts";

/** A part of a schema, with the members that lead to the parts in it. */
interface SchemaPart {
  readonly entries?: Readonly<Record<string, SchemaPart>>;
  readonly item?: SchemaPart;
  readonly options?: readonly unknown[];
  readonly pipe?: readonly SchemaPart[];
  readonly value?: SchemaPart;
  readonly wrapped?: SchemaPart;
}

/** Words for the types that valibot names. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ["Array", "a list"],
  ["Object", "an object"],
  ["boolean", "a boolean"],
  ["number", "a number"],
  ["string", "a string"],
]);

/** Describes the first fault of a scenario in the second half of a sentence, with the path of the field. */
export function describeIssues(issues: readonly v.BaseIssue<unknown>[]): string {
  const [first] = issues;
  if (!first) return "it is not valid";
  const path = pathOf(keysOf(first)) || "the scenario";
  if (isUnknown(first)) return describeUnknown(first);
  // A list has none of the fields of an object.
  if (isFieldOfList(first)) return `${placeOf(first) || "the scenario"} must be an object: current value is a list`;
  if (first.received === "undefined") {
    // It may be there under another name.
    const place = placeOf(first);
    const unknown = issues.find((issue) => isUnknown(issue) && placeOf(issue) === place);
    return unknown ? describeUnknown(unknown, path) : `${path} is missing`;
  }
  const expected = first.type === "integer" ? "a whole number" : inWords(first.expected ?? "valid");
  const isText = first.path === undefined && typeof first.input === "string";
  const received = isText ? "a string, parse it first" : WORDS.get(first.received) ?? first.received;
  return `${path} must be ${expected}: current value is ${received}`;
}

function describeUnknown(issue: v.BaseIssue<unknown>, missing?: string): string {
  const keys = keysOf(issue);
  const place = keys.slice(0, -1);
  const closest = closestName(String(keys.at(-1)), namesAt(ScenarioSchema as SchemaPart, place));
  const meant = missing ?? (closest && pathOf([...place, closest]));
  return `there is no field ${pathOf(keys)}${meant ? `: did you mean ${meant}?` : ""}`;
}

function isUnknown({ expected }: v.BaseIssue<unknown>): boolean {
  return expected === "never";
}

function isFieldOfList({ path }: v.BaseIssue<unknown>): boolean {
  const last = path?.at(-1);
  return last?.type === "object" && Array.isArray(last.input);
}

/** The path of the object or list that has the field. */
function placeOf(issue: v.BaseIssue<unknown>): string {
  return pathOf(keysOf(issue).slice(0, -1));
}

/** The types or values that valibot expects: one, or several as in `(string | Object)`. */
function inWords(expected: string): string {
  const words = expected.replace(/^\((.*)\)$/, "$1").split(" | ").map((word) => WORDS.get(word) ?? word);
  return words.join(" or ").replace(/^[<>]=/, (sign) => `${sign} `);
}

function keysOf({ path }: v.BaseIssue<unknown>): unknown[] {
  return path?.map(({ key }) => key) ?? [];
}

function pathOf(keys: readonly unknown[]): string {
  return keys.map((key) => typeof key === "number" ? `[${key}]` : `.${String(key)}`).join("").replace(/^\./, "");
}

/** The names of the fields at a place of a scenario. */
function namesAt({ pipe, wrapped, ...part }: SchemaPart, path: readonly unknown[]): string[] {
  if (wrapped) return namesAt(wrapped, path);
  if (pipe) return pipe.flatMap((each) => namesAt(each, path));
  const { entries, item, options, value } = part;
  const [key, ...rest] = path;
  if (options) {
    return options.flatMap((option) => typeof option === "object" ? namesAt(option as SchemaPart, path) : []);
  }
  if (key === undefined) return Object.keys(entries ?? {});
  const next = entries ? entries[String(key)] : item ?? value;
  return next ? namesAt(next, rest) : [];
}
