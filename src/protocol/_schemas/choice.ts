// This module is browser compatible.
import * as v from "valibot";
import { oneOf, open } from "./shape.ts";

/** Named schemas of objects, each with one more field: its name. */
type Kinds<Fields extends Record<string, v.ObjectEntries>, Key extends string> = {
  readonly [Name in keyof Fields & string]: v.ObjectSchema<
    Fields[Name] & { readonly [K in Key]: v.LiteralSchema<Name, undefined> },
    undefined
  >;
};

/** The schemas of objects that a field tells apart: `type`, or the one named. */
export function kinds<const Fields extends Record<string, v.ObjectEntries>, const Key extends string = "type">(
  make: (entries: v.ObjectEntries) => v.GenericSchema,
  fields: Fields,
  key: Key = "type" as Key,
): Kinds<Fields, Key> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, entries]) => [name, make({ [key]: oneOf(name), ...entries })]),
  ) as unknown as Kinds<Fields, Key>;
}

/** The schema that the value's `type` (or the field named) asks for. Without a fallback there must be one. */
export function choose<Schemas extends Record<string, v.GenericSchema>>(
  schemas: Schemas,
  key?: string,
): v.GenericSchema<v.InferOutput<Schemas[keyof Schemas]>>;
export function choose<Schemas extends Record<string, v.GenericSchema>, Other>(
  schemas: Schemas,
  key: string,
  fallback: v.GenericSchema<Other>,
): v.GenericSchema<v.InferOutput<Schemas[keyof Schemas]> | Other>;
export function choose(
  schemas: Record<string, v.GenericSchema>,
  key = "type",
  fallback?: v.GenericSchema,
): v.GenericSchema {
  const byName = new Map<unknown, v.GenericSchema>(Object.entries(schemas));
  const other = fallback ?? open({ [key]: oneOf(...Object.keys(schemas)) });
  return v.lazy((input) => byName.get((input as Record<string, unknown> | null | undefined)?.[key]) ?? other);
}

/** One schema for values of which this is true, another for the rest. */
export function either<Yes extends v.GenericSchema, No extends v.GenericSchema>(
  is: (input: unknown) => boolean,
  yes: Yes,
  no: No,
): v.GenericSchema<v.InferOutput<Yes> | v.InferOutput<No>> {
  return v.lazy((input) => is(input) ? yes : no) as v.GenericSchema<v.InferOutput<Yes> | v.InferOutput<No>>;
}
