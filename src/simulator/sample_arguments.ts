// This module is browser compatible.
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { isObject, resolveSchema, type SchemaObject, typeOf } from "./_text/resolve_schema.ts";
import { sampleNumber, sampleString } from "./_text/sample_scalar.ts";
import { TextValues } from "./_text/text_values.ts";

/**
 * Options of {@linkcode sampleArguments}.
 *
 * @category Simulator
 */
export interface SampleArgumentsOptions {
  /**
   * The user's words. Values in them are preferred where they fit: a number for a number, a quoted text or a name for a
   * string, a choice that they mention, `name: value` for the property of that name.
   *
   * @default {""}
   */
  text?: string | undefined;
}

/** Depth from which only required parts are generated: a schema may refer to itself. */
const DEEP = 4;
/** From here on everything is `null`: no finite value fits such a schema. */
const TOO_DEEP = 9;
const MAX_ITEMS = 100;

interface Sampling {
  readonly root: unknown;
  readonly text: TextValues;
}

/**
 * Generates arguments that match a JSON Schema, deterministically. In order of preference: `const`, values in the
 * user's text, `default`, the first of `enum` or of `examples`, a value of the type within its bounds, length and
 * format. Objects get the required properties (all of them if the schema does not tell) and those with a value in the
 * text; arrays get `minItems` items and at least one.
 *
 * `$ref` into the same schema, `allOf`, `anyOf` and `oneOf` (the first branch that is not null) are followed. A
 * `pattern` is honoured where a plain value matches it; `not`, `if` and `dependentSchemas` are not looked at.
 *
 * @category Simulator
 *
 * @param schema JSON Schema of the arguments: of an object, unless it says otherwise. A value that is not a schema
 * results in an empty object.
 *
 * @example Arguments from the user's words
 * ```ts
 * import { sampleArguments } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * const number = { type: "number" };
 * const schema = { type: "object", properties: { a: number, b: number }, required: ["a", "b"] };
 * assertEquals(sampleArguments(schema, { text: "Please add 2 and 3" }), { a: 2, b: 3 });
 * ```
 *
 * @throws {TypeError} when an option is unknown.
 */
export function sampleArguments(schema: unknown, options: SampleArgumentsOptions = {}): unknown {
  checkOptions("make arguments", options, { text: 1 } satisfies OptionNames<SampleArgumentsOptions>);
  if (!isObject(schema)) return {};
  return sample({ type: "object", ...schema }, "", { root: schema, text: new TextValues(options.text ?? "") }, 0);
}

/** How freely the text may fill a value: by its name or as a choice it mentions, or by the next value that fits. */
type Freedom = "told" | "any";

function sample(schema: unknown, name: string, sampling: Sampling, depth: number): unknown {
  if (depth > TOO_DEEP) return null;
  const resolved = resolve(schema, sampling, depth);
  if ("const" in resolved) return resolved.const;
  const type = typeOf(resolved);
  if (type === "object" && !Array.isArray(resolved.enum)) return sampleObject(resolved, sampling, depth);
  if (type === "array" && !Array.isArray(resolved.enum)) return sampleArray(resolved, name, sampling, depth);
  return offered(resolved, name, sampling.text, "any") ?? ownValue(resolved, type);
}

function resolve(schema: unknown, sampling: Sampling, depth: number): SchemaObject {
  return resolveSchema(schema, sampling.root, (branches) => {
    const isNull = (branch: unknown) => isObject(branch) && (branch.type === "null" || branch.const === null);
    const isMentioned = (branch: unknown) => isObject(branch) && sampling.text.mentions(branch.const);
    if (depth > DEEP) return branches.find(isNull) ?? branches[0];
    return branches.find(isMentioned) ?? branches.find((branch) => !isNull(branch)) ?? branches[0];
  });
}

/** The value in the text for a schema of one value, or `undefined`. */
function offered(schema: SchemaObject, name: string, text: TextValues, freedom: Freedom): unknown {
  if ("const" in schema) return undefined;
  if (Array.isArray(schema.enum)) return text.takeMentioned(schema.enum);
  const type = typeOf(schema);
  const free = freedom === "any" && !("default" in schema);
  if (type === "number" || type === "integer") {
    const { fits } = sampleNumber(schema, type === "integer");
    const named = text.takeNamed(name, (value) => fits(Number(value)));
    return named === undefined ? (free ? text.takeNumber(fits) : undefined) : Number(named);
  }
  if (type === "string") {
    const { fits } = sampleString(schema);
    const words = text.takeNamed(name, fits) ?? (free ? text.takeString(fits) : undefined);
    // "order 12" serves for a text of digits, not for any text.
    if (words !== undefined || !free || schema.pattern === undefined) return words;
    return text.takeDigits(fits);
  }
  if (type !== "boolean") return undefined;
  const named = text.takeNamed(name, (value) => /^(?:true|false|yes|no|on|off)$/i.test(value));
  return named === undefined ? undefined : /^(?:true|yes|on)$/i.test(named);
}

/** A value given by the schema itself. */
function ownValue(schema: SchemaObject, type: string): unknown {
  if ("default" in schema) return schema.default;
  for (const choices of [schema.enum, schema.examples]) {
    if (Array.isArray(choices) && choices.length > 0) return choices[0];
  }
  if (type === "number" || type === "integer") return sampleNumber(schema, type === "integer").value;
  if (type === "boolean") return true;
  if (type === "object") return {};
  return type === "null" ? null : sampleString(schema).value;
}

function sampleObject(schema: SchemaObject, sampling: Sampling, depth: number): unknown {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const names = Object.keys(properties);
  const stated = Array.isArray(schema.required)
    ? schema.required.filter((name) => typeof name === "string")
    : undefined;
  if (names.length === 0 && stated === undefined) return ownValue(schema, "object");
  const required = new Set<string>(stated ?? (depth > DEEP ? [] : names));
  const values = new Map<string, unknown>();
  function offer(name: string, freedom: Freedom): void {
    const value = offered(resolve(properties[name], sampling, depth + 1), name, sampling.text, freedom);
    if (value !== undefined) values.set(name, value);
  }
  // A value assigned to a property precedes values that may belong to any of them.
  for (const name of names) offer(name, "told");
  for (const name of required) {
    if (values.has(name)) continue;
    values.set(name, sample(Object.hasOwn(properties, name) ? properties[name] : {}, name, sampling, depth + 1));
  }
  for (const name of required.size === 0 ? names : []) if (!values.has(name)) offer(name, "any");
  const inOrder = [...new Set([...names, ...required])].filter((name) => values.has(name));
  return Object.fromEntries(inOrder.map((name) => [name, values.get(name)]));
}

function sampleArray(schema: SchemaObject, name: string, sampling: Sampling, depth: number): unknown {
  const prefix = [schema.prefixItems, schema.items].find(Array.isArray) ?? [];
  const items = resolve(Array.isArray(schema.items) ? {} : schema.items, sampling, depth + 1);
  const min = Math.min(typeof schema.minItems === "number" ? schema.minItems : 0, MAX_ITEMS);
  const max = Math.min(typeof schema.maxItems === "number" ? schema.maxItems : MAX_ITEMS, MAX_ITEMS);
  const values: unknown[] = prefix.map((item) => sample(item, "", sampling, depth + 1));
  if (prefix.length === 0) values.push(...offeredItems(items, sampling.text, max));
  if (values.length === 0 && "default" in schema) return schema.default;
  const wanted = depth > DEEP || prefix.length > 0 ? min : Math.max(min, Math.min(1, max));
  while (values.length < wanted) {
    const value = sample(items, name, sampling, depth + 1);
    values.push(schema.uniqueItems === true && values.includes(value) ? varied(items, value, values.length) : value);
  }
  return values;
}

function offeredItems(items: SchemaObject, text: TextValues, max: number): unknown[] {
  if (Array.isArray(items.enum)) return items.enum.filter((choice) => text.mentions(choice)).slice(0, max);
  const values: unknown[] = [];
  while (values.length < max) {
    const value = offered(items, "", text, "any");
    if (value === undefined) break;
    values.push(value);
  }
  return values;
}

/** The value that stands at `index` where no two may be the same. */
function varied(schema: SchemaObject, value: unknown, index: number): unknown {
  if (Array.isArray(schema.enum)) return schema.enum[index % schema.enum.length];
  if (typeof value === "number") return value + index * (typeof schema.multipleOf === "number" ? schema.multipleOf : 1);
  return typeof value === "string" ? `${value}${index + 1}` : value;
}
