// This module is browser compatible.
import type * as v from "valibot";
import { lazySchema, looseObject, picklist, unknown } from "./shape.ts";

/** Named schemas of objects, each with one more field: its name. */
type Variants<Fields extends Record<string, v.ObjectEntries>, Key extends string> = {
  readonly [Name in keyof Fields & string]: v.ObjectSchema<
    Fields[Name] & { readonly [K in Key]: v.LiteralSchema<Name, undefined> },
    undefined
  >;
};

/** Schemas of objects that differ in the value of one field: `type`, or the named one. */
export function variants<const Fields extends Record<string, v.ObjectEntries>, const Key extends string = "type">(
  make: (entries: v.ObjectEntries) => v.GenericSchema,
  fields: Fields,
  key: Key = "type" as Key,
): Variants<Fields, Key> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, entries]) => [name, make({ [key]: picklist(name), ...entries })]),
  ) as unknown as Variants<Fields, Key>;
}

/** The schema for the value's `type` (or the named field). Without a fallback, there must be one. */
export function variant<Schemas extends Record<string, v.GenericSchema>>(
  schemas: Schemas,
  key?: string,
): v.GenericSchema<v.InferOutput<Schemas[keyof Schemas]>>;
export function variant<Schemas extends Record<string, v.GenericSchema>, Other>(
  schemas: Schemas,
  key: string,
  fallback: v.GenericSchema<Other>,
): v.GenericSchema<v.InferOutput<Schemas[keyof Schemas]> | Other>;
export function variant(
  schemas: Record<string, v.GenericSchema>,
  key = "type",
  fallback?: v.GenericSchema,
): v.GenericSchema {
  const byName = new Map<unknown, v.GenericSchema>(Object.entries(schemas));
  const other = fallback ?? looseObject({ [key]: picklist(...Object.keys(schemas)) });
  return lazySchema((input) => byName.get((input as Record<string, unknown> | null | undefined)?.[key]) ?? other);
}

/** One schema for values that satisfy the condition, another for the rest. */
export function branch<Yes extends v.GenericSchema, No extends v.GenericSchema>(
  is: (input: unknown) => boolean,
  yes: Yes,
  no: No,
): v.GenericSchema<v.InferOutput<Yes> | v.InferOutput<No>> {
  // What is missing could have been either.
  return lazySchema((input) => input === undefined ? unknown : is(input) ? yes : no);
}
