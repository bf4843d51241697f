// This module is browser compatible.
import type * as v from "valibot";
import type { EnumRule, FieldRule, JsonTypeName } from "../../_internal/field_rule.ts";
import { typeName } from "../_type_issue.ts";

// Valibot's own schemas of objects, arrays and records copy their input and accept an array as an object, and their
// issues are sentences. These schemas only inspect: events are delivered and sent unchanged. Their issues carry a rule.
// `undefined` counts as absent.

/** An issue of one of these schemas. */
export type RuleIssue = v.BaseIssue<unknown> & { readonly rule: FieldRule };

type Config = v.Config<v.BaseIssue<unknown>>;
interface Dataset {
  value: unknown;
  typed: boolean;
  issues?: RuleIssue[];
}
type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Creates a schema in the form of valibot's. `look` receives a value of the right type and reports issues inside it;
 * `parts` are the nested schemas, as in valibot's own.
 */
function schema<Schema>(
  expected: JsonTypeName | readonly (string | number)[],
  is: (value: unknown) => boolean,
  look?: (value: unknown, dataset: Dataset, config: Config) => void,
  parts?: object,
): Schema {
  return {
    ...parts,
    kind: "schema",
    type: "shape",
    reference: schema,
    expects: "",
    expected,
    async: false,
    "~run"(dataset: Dataset, config: Config): Dataset {
      const { value } = dataset;
      dataset.typed = true;
      if (is(value)) look?.(value, dataset, config);
      else {
        report(
          dataset,
          value,
          typeof expected === "string"
            ? { kind: "type", expected, received: typeName(value) }
            : { kind: "enum", values: expected },
        );
      }
      return dataset;
    },
  } as Schema;
}

function report(dataset: Dataset, input: unknown, rule: FieldRule, key?: string): void {
  dataset.typed = false;
  const path = key === undefined ? [] : [{ key }];
  (dataset.issues ??= []).push({ kind: "schema", path, input, rule } as unknown as RuleIssue);
}

/** Runs the schema of one field and collects its issues. */
function visit(field: v.GenericSchema, value: unknown, key: string | number, dataset: Dataset, config: Config): void {
  const { typed, issues } = field["~run"]({ value }, config);
  if (!typed) dataset.typed = false;
  if (!issues) return;
  for (const issue of issues) {
    (issue as { path: unknown[] }).path = [{ key }, ...issue.path ?? []];
    (dataset.issues ??= []).push(issue as RuleIssue);
  }
}

/** A schema with an additional rule, which is checked once the schema itself has found no issues. */
export function refine<Schema extends v.GenericSchema>(
  inner: Schema,
  rule: FieldRule,
  holds: (value: v.InferOutput<Schema>) => boolean,
): Schema {
  return {
    ...inner,
    "~run"(dataset: Dataset, config: Config): Dataset {
      inner["~run"](dataset as unknown as v.UnknownDataset, config);
      if (!dataset.issues && !holds(dataset.value as v.InferOutput<Schema>)) report(dataset, dataset.value, rule);
      return dataset;
    },
  };
}

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

function lookAtFields(entries: v.ObjectEntries, input: JsonObject, dataset: Dataset, config: Config): void {
  for (const key in entries) {
    const field = entries[key] as v.GenericSchema & { readonly expected?: JsonTypeName };
    const value = input[key];
    if (value !== undefined) visit(field, value, key, dataset, config);
    else if (field.type !== "optional" && field.type !== "nullish") {
      report(dataset, undefined, { kind: "required", expected: field.expected }, key);
    }
  }
}

/** An object with these fields, and any others. */
export function looseObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.ObjectSchema<Entries, undefined> {
  return schema("object", isObject, (input, dataset, config) => {
    lookAtFields(entries, input as JsonObject, dataset, config);
  }, { entries });
}

/** An object with these fields and no others. */
export function strictObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.ObjectSchema<Entries, undefined> {
  return schema("object", isObject, (input, dataset, config) => {
    lookAtFields(entries, input as JsonObject, dataset, config);
    for (const key of Object.keys(input as JsonObject)) {
      const value = (input as JsonObject)[key];
      if (value === undefined || Object.hasOwn(entries, key)) continue;
      report(dataset, value, { kind: "unknown_key", hint: Object.hasOwn(HINTS, key) ? HINTS[key] : undefined }, key);
    }
  }, { entries });
}

/** An array of these. */
export function array<const Item extends v.GenericSchema>(item: Item): v.ArraySchema<Item, undefined> {
  return schema("array", Array.isArray, (input, dataset, config) => {
    const items = input as unknown[];
    for (let index = 0; index < items.length; index++) visit(item, items[index], index, dataset, config);
  }, { item });
}

/** An object with any fields, each of which is one of these. */
export function record<const Value extends v.GenericSchema>(
  value: Value,
): v.RecordSchema<v.StringSchema<undefined>, Value, undefined> {
  return schema("object", isObject, (input, dataset, config) => {
    for (const [key, entry] of Object.entries(input as JsonObject)) {
      if (entry !== undefined) visit(value, entry, key, dataset, config);
    }
  }, { value });
}

/** Advice for fields that people are known to send: those of the beta interface, and of other APIs. */
const HINTS: Readonly<Record<string, string>> = {
  function: "name, description and parameters belong to the tool itself",
  idle_timeout_ms: "only server_vad has it",
  input_audio_format: "use audio.input.format instead",
  input_audio_noise_reduction: "use audio.input.noise_reduction instead",
  input_audio_transcription: "use audio.input.transcription instead",
  max_response_output_tokens: "use max_output_tokens instead",
  modalities: "use output_modalities instead",
  output_audio_format: "use audio.output.format instead",
  rate: "only audio/pcm has it",
  speed: "use audio.output.speed instead",
  strict: "Realtime functions have no strict mode",
  temperature: "it was removed with the beta interface",
  turn_detection: "use audio.input.turn_detection instead",
  voice: "use audio.output.voice instead",
};
