// This module is browser compatible.
import type * as v from "valibot";
import type { EnumRule, FieldRule, RequiredRule } from "../../_internal/field_rule.ts";
import { typeName } from "../_type_issue.ts";

// Valibot's own schemas copy their input, accept an array as an object, and report issues as sentences. These have
// valibot's types, but only inspect their input: received and sent values are passed on unchanged.
// Their issues carry a rule. `undefined` counts as absent.

/** A broken rule, and its place. */
export interface RuleIssue {
  /** Names and positions that lead to the value. */
  readonly path: readonly (string | number)[];
  readonly input: unknown;
  readonly rule: FieldRule;
}

/** Inspects a value and adds the issues found. */
type Look = (value: unknown, found: Findings) => void;

/** The members that all of these schemas have. */
interface Shape {
  readonly look: Look;
  /** The type or the values that are expected, if they are unambiguous. */
  readonly expected: RequiredRule["expected"];
  /** The nested schemas, under valibot's names for them. */
  readonly inside: object;
  readonly isOptional: boolean;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** The result of inspecting a value. */
class Findings {
  readonly issues: RuleIssue[] = [];
  readonly #path: (string | number)[] = [];

  /** Adds an issue of the value itself, or of one of its fields. */
  add(input: unknown, rule: FieldRule, ...field: readonly string[]): void {
    this.issues.push({ path: [...this.#path, ...field], input, rule });
  }

  /** Inspects the content of a value. */
  inside(key: string | number, look: Look, value: unknown): void {
    this.#path.push(key);
    look(value, this);
    this.#path.pop();
  }
}

/** Lists the rules that a value breaks. */
export function brokenRules(schema: v.GenericSchema, value: unknown): readonly RuleIssue[] {
  const found = new Findings();
  shapeOf(schema).look(value, found);
  return found.issues;
}

/** Creates a schema. All have the same fields, as fields of objects with the same shape are read fastest. */
function toSchema<Schema>(look: Look, expected?: Shape["expected"], inside: object = {}, isOptional = false): Schema {
  return { look, expected, inside, isOptional } satisfies Shape as Schema;
}

/** A schema that inspects values differently from another one. */
function withLook<Schema extends v.GenericSchema>(schema: Schema, look: Look): Schema {
  const { expected, inside } = shapeOf(schema);
  return toSchema(look, expected, inside);
}

function shapeOf(schema: v.GenericSchema): Shape {
  return schema as unknown as Shape;
}

/**
 * A schema of one kind of value. `look` gets a value of the kind and adds the issues inside it; `inside` are the nested
 * schemas.
 */
function schema<Schema>(
  expected: NonNullable<RequiredRule["expected"]>,
  is: (value: unknown) => boolean,
  look?: Look,
  inside?: object,
): Schema {
  const lookAtKind: Look = (value, found) => {
    if (is(value)) look?.(value, found);
    else if (typeof expected === "string") found.add(value, { kind: "type", expected, received: typeName(value) });
    else found.add(value, { kind: "enum", values: expected });
  };
  return toSchema(lookAtKind, expected, inside);
}

/** A schema with an additional rule, which is checked once the schema itself has found no issues. */
export function refine<Schema extends v.GenericSchema>(
  inner: Schema,
  rule: FieldRule,
  holds: (value: v.InferOutput<Schema>) => boolean,
): Schema {
  const { look } = shapeOf(inner);
  return withLook(inner, (value, found) => {
    const { length } = found.issues;
    look(value, found);
    if (found.issues.length === length && !holds(value as v.InferOutput<Schema>)) found.add(value, rule);
  });
}

/** The schema that a value selects. */
export function lazySchema<Output>(getter: (value: unknown) => v.GenericSchema): v.GenericSchema<Output> {
  return toSchema((value, found) => shapeOf(getter(value)).look(value, found), undefined, { getter });
}

/** A field that may be absent. */
export function optional<const Inner extends v.GenericSchema>(inner: Inner): v.OptionalSchema<Inner, undefined> {
  const { expected, inside, look } = shapeOf(inner);
  return toSchema(look, expected, inside, true);
}

/** The same, or null. */
export function nullable<const Inner extends v.GenericSchema>(inner: Inner): v.NullableSchema<Inner, undefined> {
  const { look } = shapeOf(inner);
  return withLook(inner, (value, found) => {
    if (value !== null) look(value, found);
  }) as unknown as v.NullableSchema<Inner, undefined>;
}

/** A field that may be absent or null. */
export function nullish<const Inner extends v.GenericSchema>(inner: Inner): v.NullishSchema<Inner, undefined> {
  return optional(nullable(inner)) as unknown as v.NullishSchema<Inner, undefined>;
}

/** Anything. */
export const unknown: v.UnknownSchema = /* @__PURE__ */ toSchema(() => {});

/** A string. */
export const string: v.StringSchema<undefined> = /* @__PURE__ */ schema("string", (value) => typeof value === "string");

/** A number, which NaN is not. */
export const number: v.NumberSchema<undefined> = /* @__PURE__ */ schema(
  "number",
  (value) => typeof value === "number" && !Number.isNaN(value),
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

/** Whether a value is an object as JSON has them: no array, not null. */
export function isObject(value: unknown): boolean {
  return typeName(value) === "object";
}

function lookAtFields(entries: v.ObjectEntries, input: JsonObject, found: Findings): void {
  for (const key in entries) {
    const { expected, isOptional, look } = shapeOf(entries[key]!);
    // Only own fields: JSON omits those of a class.
    const value = Object.hasOwn(input, key) ? input[key] : undefined;
    if (value !== undefined) found.inside(key, look, value);
    else if (!isOptional) found.add(value, { kind: "required", expected }, key);
  }
}

/** An object with these fields, and any others. */
export function looseObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.ObjectSchema<Entries, undefined> {
  return schema("object", isObject, (input, found) => {
    lookAtFields(entries, input as JsonObject, found);
  }, { entries });
}

/** An object with these fields and no others. `hints` are advice for fields that it does not have. */
export function strictObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
  hints: Readonly<Record<string, string>> = {},
): v.ObjectSchema<Entries, undefined> {
  return schema("object", isObject, (input, found) => {
    lookAtFields(entries, input as JsonObject, found);
    for (const key of Object.keys(input as JsonObject)) {
      const value = (input as JsonObject)[key];
      if (value === undefined || Object.hasOwn(entries, key)) continue;
      found.add(value, { kind: "unknown_key", hint: Object.hasOwn(hints, key) ? hints[key] : undefined }, key);
    }
  }, { entries });
}

/** An array of these. */
export function array<const Item extends v.GenericSchema>(item: Item): v.ArraySchema<Item, undefined> {
  return schema("array", Array.isArray, (input, found) => {
    for (const [index, value] of (input as unknown[]).entries()) found.inside(index, shapeOf(item).look, value);
  }, { item });
}

/** An object with any fields, each of which is one of these. */
export function record<const Value extends v.GenericSchema>(
  value: Value,
): v.RecordSchema<v.StringSchema<undefined>, Value, undefined> {
  return schema("object", isObject, (input, found) => {
    for (const [key, entry] of Object.entries(input as JsonObject)) {
      if (entry !== undefined) found.inside(key, shapeOf(value).look, entry);
    }
  }, { value });
}
