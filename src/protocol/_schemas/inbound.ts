// This module is browser compatible.
import type * as v from "valibot";
import type { UnknownKind } from "../unknown_kind.ts";
import { lazy } from "./lazy.ts";
import { array, boolean, looseObject, nullish, number, string } from "./shape.ts";

// The schemas of everything inbound are made of these. Optional fields may be absent or null.

export const nullishString = /* @__PURE__ */ nullish(string);
export const nullishNumber = /* @__PURE__ */ nullish(number);
export const nullishBoolean = /* @__PURE__ */ nullish(boolean);
export const nullishStrings = /* @__PURE__ */ lazy(() => nullish(array(string)));

/** A string that the interface knows some values of. */
export function openEnum<Known extends string>(): v.GenericSchema<Known> {
  return string as unknown as v.GenericSchema<Known>;
}

/** The same, absent or null. */
export function nullishOpenEnum<Known extends string>(): v.NullishSchema<v.GenericSchema<Known>, undefined> {
  return nullishString as unknown as v.NullishSchema<v.GenericSchema<Known>, undefined>;
}

/** Something of a kind that this version does not know. */
export const UnknownKindSchema = /* @__PURE__ */ lazy(() =>
  looseObject({ type: string }) as v.GenericSchema as v.GenericSchema<UnknownKind>
);
