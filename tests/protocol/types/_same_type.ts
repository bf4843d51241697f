import type * as v from "valibot";

/** The same type in one form: flat, readonly, without names. */
export type Plain<T> = unknown extends T ? T
  : T extends string | number | boolean | null | undefined ? T
  : T extends readonly (infer Item)[] ? readonly Plain<Item>[]
  : { readonly [Key in keyof T]: Plain<T[Key]> };

/** Whether two types are the same. */
export type Identical<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;

/** The types of the schemas, by name. */
export type OutputOf<Schemas> = {
  [Name in keyof Schemas]: Schemas[Name] extends v.GenericSchema ? v.InferOutput<Schemas[Name]> : never;
};
