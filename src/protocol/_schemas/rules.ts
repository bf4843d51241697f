// This module is browser compatible.
import type * as v from "valibot";
import type { MaxLengthRule } from "../../_internal/field_rule.ts";
import { isBase64 } from "../_base64.ts";
import { MAX_EVENT_ID_LENGTH, MAX_ID_LENGTH } from "../limits.ts";
import { lazy } from "./lazy.ts";
import { boolean, number, optional, refine, string } from "./shape.ts";

// The schemas of everything outbound are made of these.

/** A schema with a limit on how much of a unit the value has. */
export function atMost<Schema extends v.GenericSchema>(
  schema: Schema,
  max: number,
  unit: MaxLengthRule["unit"],
  measure: (value: v.InferOutput<Schema>) => number,
): Schema {
  return refine(
    schema,
    { kind: "max_length", max, unit },
    `have at most ${max} ${unit}`,
    (value) => measure(value) <= max,
  );
}

/** A text of limited length. */
export function stringUpTo(limit: number): v.StringSchema<undefined> {
  return atMost(string, limit, "characters", ({ length }) => length);
}

/** A number within bounds. */
export function numberBetween(min: number, max: number, integer = false): v.NumberSchema<undefined> {
  return refine(
    number,
    { kind: "range", min, max, integer },
    `be ${integer ? "a whole number " : ""}${max === Infinity ? `>= ${min}` : `from ${min} to ${max}`}`,
    (value) => value >= min && value <= max && (!integer || Number.isInteger(value)),
  );
}

/** A whole number within bounds. */
export function intBetween(min: number, max: number): v.NumberSchema<undefined> {
  return numberBetween(min, max, true);
}

export const optionalString = /* @__PURE__ */ optional(string);
export const optionalNumber = /* @__PURE__ */ optional(number);
export const optionalBoolean = /* @__PURE__ */ optional(boolean);

/** A position, or a time in milliseconds. */
export const nonNegativeInt = /* @__PURE__ */ intBetween(0, Infinity);

/** A schema whose strings or arrays are not empty. */
export function notEmpty<Schema extends v.GenericSchema<unknown, string | readonly unknown[]>>(schema: Schema): Schema {
  const rule = { kind: "min_length", min: 1 } as const;
  return refine(schema, rule, "not be empty", ({ length }) => length > 0);
}

/** A schema whose strings are base64. */
export function inBase64<Schema extends v.GenericSchema<string>>(schema: Schema): Schema {
  return refine(schema, { kind: "format", format: "base64" }, "be base64 with its padding", isBase64);
}

/** Audio or the like as a string. */
export const base64 = /* @__PURE__ */ lazy(() => inBase64(string));

const IMAGE_URL_PREFIX = /^data:image\/(?:png|jpeg);base64,/i;

export const imageDataUrl = /* @__PURE__ */ lazy(() =>
  refine(
    string,
    { kind: "format", format: "image_data_url" },
    "be a data URL of a PNG or JPEG image in base64",
    (url) => {
      const data = url.replace(IMAGE_URL_PREFIX, "");
      return data !== url && data !== "" && isBase64(data);
    },
  )
);

/** An identifier that the API limits. */
export const shortId = /* @__PURE__ */ lazy(() => notEmpty(stringUpTo(MAX_ID_LENGTH)));
export const optionalId = /* @__PURE__ */ optional(shortId);

/** A text of a form. `description` follows "must be". */
export function matching(pattern: RegExp, description: string): v.StringSchema<undefined> {
  return refine(
    string,
    { kind: "pattern", pattern: pattern.source, description },
    `be ${description}`,
    (text) => pattern.test(text),
  );
}

export const functionName = /* @__PURE__ */ lazy(() => matching(/^[\w-]{1,64}$/, "1 to 64 letters, digits, _ or -"));

/** Fields of every client event. */
export const clientEvent = /* @__PURE__ */ lazy(() => ({ event_id: optional(stringUpTo(MAX_EVENT_ID_LENGTH)) }));
