// This module is browser compatible.
import * as v from "valibot";
import { MAX_EVENT_ID_LENGTH, MAX_ID_LENGTH } from "../limits.ts";
import { text } from "./inbound.ts";
import { pure } from "./pure.ts";

// What the schemas of everything outbound are made of. Messages complete the sentence "Cannot send … as … must be …".

/** A schema with one more demand. */
export function rule<Schema extends v.GenericSchema>(
  schema: Schema,
  message: string,
  holds: (value: v.InferOutput<Schema>) => boolean,
): Schema {
  return v.pipe(schema, v.check(holds, message)) as unknown as Schema;
}

/** A schema with a limit on how much of something the value has. */
export function atMost<Schema extends v.GenericSchema>(
  schema: Schema,
  limit: number,
  what: string,
  measure: (value: v.InferOutput<Schema>) => number,
): Schema {
  return rule(schema, `must have at most ${limit} ${what}`, (value) => measure(value) <= limit);
}

/** A text of limited length. */
export function textUpTo(limit: number): v.StringSchema<undefined> {
  return atMost(text, limit, "characters", ({ length }) => length);
}

/** A number within limits. */
export function numberFrom(min: number, max: number): v.NumberSchema<undefined> {
  return rule(v.number(), `must be from ${min} to ${max}`, (value) => value >= min && value <= max);
}

/** A whole number within limits. */
export function wholeNumberFrom(min: number, max: number): v.NumberSchema<undefined> {
  return rule(
    v.number(),
    `must be a whole number ${max === Infinity ? `>= ${min}` : `from ${min} to ${max}`}`,
    (value) => Number.isInteger(value) && value >= min && value <= max,
  );
}

export const optionalText = /* @__PURE__ */ v.optional(text);
export const optionalFlag = /* @__PURE__ */ pure(() => v.optional(v.boolean()));

/** A number that JSON can write. */
export const optionalNumber = /* @__PURE__ */ pure(() =>
  v.optional(rule(v.number(), "must be finite", Number.isFinite))
);

/** A position, or a time in milliseconds. */
export const whole = /* @__PURE__ */ wholeNumberFrom(0, Infinity);

/** An identifier that the API limits. */
export const shortId = /* @__PURE__ */ pure(() =>
  rule(textUpTo(MAX_ID_LENGTH), "must not be empty", (id) => id !== "")
);
export const optionalId = /* @__PURE__ */ v.optional(shortId);

export const functionName = /* @__PURE__ */ pure(() =>
  rule(
    text,
    "must be 1 to 64 letters, digits, _ or -",
    (name) => /^[\w-]{1,64}$/.test(name),
  )
);

/** What every client event has. */
export const clientEvent = /* @__PURE__ */ pure(() => ({ event_id: v.optional(textUpTo(MAX_EVENT_ID_LENGTH)) }));
