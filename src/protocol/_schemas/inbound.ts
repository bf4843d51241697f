// This module is browser compatible.
import * as v from "valibot";
import type { UnknownKind } from "../unknown_kind.ts";
import { pure } from "./pure.ts";
import { count, flag, list, open, text } from "./shape.ts";

// The schemas of everything inbound are made of these. Optional fields may be absent or null.

export const maybeText = /* @__PURE__ */ v.nullish(text);
export const maybeCount = /* @__PURE__ */ v.nullish(count);
export const maybeFlag = /* @__PURE__ */ v.nullish(flag);
export const maybeTexts = /* @__PURE__ */ pure(() => v.nullish(list(text)));

/** A string that the interface knows some values of. */
export function word<Known extends string>(): v.GenericSchema<Known> {
  return text as unknown as v.GenericSchema<Known>;
}

/** The same, absent or null. */
export function maybeWord<Known extends string>(): v.NullishSchema<v.GenericSchema<Known>, undefined> {
  return maybeText as unknown as v.NullishSchema<v.GenericSchema<Known>, undefined>;
}

/** Something of a kind that this version does not know. */
export const UnknownKindSchema = /* @__PURE__ */ pure(() => open({ type: text }) as v.GenericSchema<UnknownKind>);
