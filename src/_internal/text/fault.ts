// This module is browser compatible.
import type { EventIssue } from "../../errors.ts";
import type { FieldRule, RequiredRule } from "../field_rule.ts";
import { show, typeName, withArticle } from "./show.ts";

/** An issue without its path. */
export interface Fault extends Omit<EventIssue, "path"> {
  /** The broken rule. */
  readonly rule: FieldRule;
}

/** The fault of a value that does not meet a demand, which completes the sentence "… must …". */
export function toFault(rule: FieldRule, demand: string, value: unknown): Fault {
  const found = value === undefined ? "it is missing" : `current value is ${show(value)}`;
  return { rule, message: `must ${demand}: ${found}`, value };
}

/** The fault of a value that is not of the expected type, or none of the expected values. */
export function typeFault(expected: NonNullable<RequiredRule["expected"]>, value: unknown): Fault {
  const isType = typeof expected === "string";
  const words = isType ? withArticle(expected) : expected.map((value) => JSON.stringify(value)).join(" | ");
  const rule: FieldRule = isType
    ? { kind: "type", expected, received: typeName(value) }
    : { kind: "enum", values: expected };
  return toFault(value === undefined ? { kind: "required", expected } : rule, `be ${words}`, value);
}
