// This module is browser compatible.
import type * as v from "valibot";
import type { EnumRule, FieldRule, RequiredRule } from "../../_internal/field_rule.ts";
import { isRecord } from "../../_internal/wire.ts";
import { type Fault, toFault, typeFault } from "../../_internal/text/fault.ts";

// Valibot's own schemas copy their input, accept an array as an object, and report issues as sentences. These have
// valibot's types, but only inspect their input: received and sent values are passed on unchanged.
// Their issues carry a rule. `undefined` counts as absent.

/** A fault, and its place. */
export interface RuleIssue extends Fault {
  /** Names and positions that lead to the value. */
  readonly path: (string | number)[];
}

/** Inspects a value, and adds the issues found. A schema is such a function; `undefined` stands for an absent field. */
type Look = (value: unknown, found: RuleIssue[]) => void;

type JsonObject = Readonly<Record<string, unknown>>;

/** Lists the rules that a value breaks. */
export function brokenRules(schema: v.GenericSchema, value: unknown): readonly RuleIssue[] {
  const found: RuleIssue[] = [];
  lookOf(schema)(value, found);
  return found;
}

/** Inspects a field or an entry of a value. */
function lookInside(key: string | number, schema: v.GenericSchema, input: unknown, found: RuleIssue[]): void {
  let { length } = found;
  lookOf(schema)(input, found);
  for (; length < found.length; length++) found[length]!.path.unshift(key);
}

function toSchema<Schema>(look: Look): Schema {
  return look as unknown as Schema;
}

function lookOf(schema: v.GenericSchema): Look {
  return schema as unknown as Look;
}

/** A schema of one kind of value. `look` gets a value of the kind, and adds the issues inside it. */
function schema<Schema>(
  expected: NonNullable<RequiredRule["expected"]>,
  is: (value: unknown) => boolean,
  look?: Look,
): Schema {
  return toSchema((value, found) => {
    if (is(value)) look?.(value, found);
    else found.push({ path: [], ...typeFault(expected, value) });
  });
}

/**
 * A schema with an additional rule, which is checked once the schema itself has found no issues. `words` complete the
 * sentence "… must …": each rule brings its own, so that a bundle has only those of its rules.
 */
export function refine<Schema extends v.GenericSchema>(
  inner: Schema,
  rule: FieldRule,
  words: string,
  holds: (value: v.InferOutput<Schema>) => boolean,
): Schema {
  return toSchema((value, found) => {
    const { length } = found;
    lookOf(inner)(value, found);
    if (found.length > length || holds(value as v.InferOutput<Schema>)) return;
    found.push({ path: [], ...toFault(rule, words, value) });
  });
}

/** The schema that a value selects. */
export function lazySchema<Output>(getter: (value: unknown) => v.GenericSchema): v.GenericSchema<Output> {
  return toSchema((value, found) => lookOf(getter(value))(value, found));
}

/** A field that may be absent. */
export function optional<const Inner extends v.GenericSchema>(inner: Inner): v.OptionalSchema<Inner, undefined> {
  return toSchema((value, found) => {
    if (value !== undefined) lookOf(inner)(value, found);
  });
}

/** The same, or null. */
export function nullable<const Inner extends v.GenericSchema>(inner: Inner): v.NullableSchema<Inner, undefined> {
  return toSchema((value, found) => {
    if (value !== null) lookOf(inner)(value, found);
  });
}

/** A field that may be absent or null. */
export function nullish<const Inner extends v.GenericSchema>(inner: Inner): v.NullishSchema<Inner, undefined> {
  return optional(nullable(inner)) as unknown as v.NullishSchema<Inner, undefined>;
}

/** Anything that is given. */
export const unknown: v.UnknownSchema = /* @__PURE__ */ toSchema((value, found) => {
  if (value === undefined) found.push({ path: [], ...toFault({ kind: "required" }, "be given", value) });
});

/** A string. */
export const string: v.StringSchema<undefined> = /* @__PURE__ */ schema("string", (value) => typeof value === "string");

/** A number that JSON can write. */
export const number: v.NumberSchema<undefined> = /* @__PURE__ */ schema(
  "number",
  (value) => Number.isFinite(value),
);

/** True or false. */
export const boolean: v.BooleanSchema<undefined> = /* @__PURE__ */ schema(
  "boolean",
  (value) => typeof value === "boolean",
);

/** One of these values. */
export function picklist<const Values extends EnumRule["values"]>(
  ...values: Values
): v.PicklistSchema<Values, undefined> {
  return schema(values, (value) => (values as readonly unknown[]).includes(value));
}

function lookAtFields(entries: v.ObjectEntries, input: JsonObject, found: RuleIssue[]): void {
  for (const key in entries) {
    // Only own fields: JSON omits those of a class.
    lookInside(key, entries[key]!, Object.hasOwn(input, key) ? input[key] : undefined, found);
  }
}

/** An object with these fields, and any others. */
export function looseObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.ObjectSchema<Entries, undefined> {
  return schema("object", isRecord, (input, found) => {
    lookAtFields(entries, input as JsonObject, found);
  });
}

/** An object with these fields and no others. `hints` are advice for fields that it does not have. */
export function strictObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
  hints: Readonly<Record<string, string>> = {},
): v.ObjectSchema<Entries, undefined> {
  return schema("object", isRecord, (input, found) => {
    lookAtFields(entries, input as JsonObject, found);
    for (const key of Object.keys(input as JsonObject)) {
      const value = (input as JsonObject)[key];
      if (value === undefined || Object.hasOwn(entries, key)) continue;
      const hint = Object.hasOwn(hints, key) ? hints[key] : undefined;
      const message = `is not a field that this version knows here${hint ? `: ${hint}` : ""}`;
      found.push({ path: [key], rule: { kind: "unknown_key", hint }, message, value });
    }
  });
}

/** An array of these. */
export function array<const Item extends v.GenericSchema>(item: Item): v.ArraySchema<Item, undefined> {
  return schema("array", Array.isArray, (input, found) => {
    for (const [index, value] of (input as unknown[]).entries()) lookInside(index, item, value, found);
  });
}

/** An object with any fields, each of which is one of these. */
export function record<const Value extends v.GenericSchema>(
  value: Value,
): v.RecordSchema<v.StringSchema<undefined>, Value, undefined> {
  return schema("object", isRecord, (input, found) => {
    for (const [key, entry] of Object.entries(input as JsonObject)) {
      if (entry !== undefined) lookInside(key, value, entry, found);
    }
  });
}
