// This module is browser compatible.
import type * as v from "valibot";
import { matching } from "../../_schemas/rules.ts";
import { refine } from "../../_schemas/shape.ts";

/** A schema with one more rule; the message describes it after "must be". */
export function demand<Schema extends v.GenericSchema>(
  schema: Schema,
  description: string,
  holds: (value: v.InferOutput<Schema>) => boolean,
): Schema {
  const words = `be ${description}`;
  return refine(schema, { kind: "condition", description: words }, words, holds);
}

/** A string with more in it than white space. */
export const notBlank: v.StringSchema<undefined> = /* @__PURE__ */ matching(/\S/, "more than white space");
