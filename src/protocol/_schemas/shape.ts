// This module is browser compatible.
import type * as v from "valibot";

// Valibot's own object, array and record schemas copy what they check and take an array for an object. These look only:
// what is delivered is what arrived, what is sent is what was given. `undefined` counts as absent.

type Issue = v.BaseIssue<unknown>;
type Config = v.Config<Issue>;
interface Dataset {
  value: unknown;
  typed: boolean;
  issues?: Issue[];
}
type JsonObject = Readonly<Record<string, unknown>>;

/** Makes a schema in the form of valibot's. `look` gets a value of the right kind and reports what is wrong inside it. */
function schema<Schema>(
  rule: string,
  is: (value: unknown) => boolean,
  look: (value: unknown, dataset: Dataset, config: Config) => void,
): Schema {
  return {
    kind: "schema",
    type: "shape",
    reference: schema,
    expects: rule,
    async: false,
    "~run"(dataset: Dataset, config: Config): Dataset {
      dataset.typed = true;
      if (is(dataset.value)) look(dataset.value, dataset, config);
      else report(dataset, { type: "shape", input: dataset.value, expected: rule });
      return dataset;
    },
  } as Schema;
}

function report(dataset: Dataset, issue: Partial<Issue>, key?: string): void {
  dataset.typed = false;
  (dataset.issues ??= []).push({ kind: "schema", path: key === undefined ? [] : [{ key }], ...issue } as Issue);
}

/** Runs the schema of one field and takes over its issues. */
function visit(field: v.GenericSchema, value: unknown, key: string | number, dataset: Dataset, config: Config): void {
  const { typed, issues } = field["~run"]({ value }, config);
  if (!typed) dataset.typed = false;
  if (!issues) return;
  for (const issue of issues) {
    (issue as { path: unknown[] }).path = [{ key }, ...issue.path ?? []];
    (dataset.issues ??= []).push(issue);
  }
}

/** Whether a value is an object as JSON has them: no array, not null. */
export function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function lookAtFields(entries: v.ObjectEntries, input: JsonObject, dataset: Dataset, config: Config): void {
  for (const key in entries) {
    const field = entries[key] as v.GenericSchema;
    const value = input[key];
    if (value !== undefined) visit(field, value, key, dataset, config);
    else if (field.type !== "optional" && field.type !== "nullish") {
      report(dataset, { type: "missing", input: undefined, expected: field.expects }, key);
    }
  }
}

/** An object with these fields, and any others. */
export function open<const Entries extends v.ObjectEntries>(entries: Entries): v.ObjectSchema<Entries, undefined> {
  return schema("an object", isObject, (input, dataset, config) => {
    lookAtFields(entries, input as JsonObject, dataset, config);
  });
}

/** An object with these fields and no others. */
export function closed<const Entries extends v.ObjectEntries>(entries: Entries): v.ObjectSchema<Entries, undefined> {
  return schema("an object", isObject, (input, dataset, config) => {
    lookAtFields(entries, input as JsonObject, dataset, config);
    for (const key of Object.keys(input as JsonObject)) {
      const value = (input as JsonObject)[key];
      if (value !== undefined && !Object.hasOwn(entries, key)) report(dataset, { type: "unknown", input: value }, key);
    }
  });
}

/** An array of these. */
export function list<const Item extends v.GenericSchema>(item: Item): v.ArraySchema<Item, undefined> {
  return schema("an array", Array.isArray, (input, dataset, config) => {
    const items = input as unknown[];
    for (let index = 0; index < items.length; index++) visit(item, items[index], index, dataset, config);
  });
}

/** An object with any fields, each of which is one of these. */
export function mapOf<const Value extends v.GenericSchema>(
  value: Value,
): v.RecordSchema<v.StringSchema<undefined>, Value, undefined> {
  return schema("an object", isObject, (input, dataset, config) => {
    for (const [key, entry] of Object.entries(input as JsonObject)) {
      if (entry !== undefined) visit(value, entry, key, dataset, config);
    }
  });
}
