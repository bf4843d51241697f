// This module is browser compatible.
import { checkNames } from "../../_internal/check_options.ts";

/** Constraints of a member of a fault. */
export interface MemberRule {
  /** Whether it is required. */
  readonly isRequired?: boolean;
  /** The error of an invalid value, and the end of the sentence "NAME must be …"; `undefined` for a valid one. */
  readonly mistakeOf: (value: unknown) => Mistake | undefined;
}

interface Mistake {
  readonly kind: typeof RangeError | typeof TypeError;
  readonly wanted: string;
}

/** A number from `least` to `most`. */
export function numberFrom(least: number, most: number = Infinity): MemberRule {
  const wanted = most === Infinity ? `>= ${least}` : `from ${least} to ${most}`;
  return {
    mistakeOf(value) {
      if (value !== undefined && typeof value !== "number") return { kind: TypeError, wanted: "a number" };
      return value !== undefined && value >= least && value <= most ? undefined : { kind: RangeError, wanted };
    },
  };
}

/** A whole number from `least` to `most`; `Infinity` is one. */
export function countFrom(least: number, most: number = Infinity): MemberRule {
  const { mistakeOf } = numberFrom(least, most);
  return {
    mistakeOf(value) {
      const mistake = mistakeOf(value);
      if (mistake || Number.isInteger(value) || value === Infinity) return mistake;
      return { kind: RangeError, wanted: "a whole number" };
    },
  };
}

/** A value that `fits`, described by `wanted`. */
export function valueThat(wanted: string, fits: (value: unknown) => boolean): MemberRule {
  return { mistakeOf: (value) => fits(value) ? undefined : { kind: TypeError, wanted } };
}

/** The same, but required. */
export function required(rule: MemberRule): MemberRule {
  return { ...rule, isRequired: true };
}

/** A string. */
export const TEXT: MemberRule = valueThat("a string", (value) => typeof value === "string");
/** A boolean. */
export const FLAG: MemberRule = valueThat("a boolean", (value) => typeof value === "boolean");

/**
 * Checks a fault that a test has set.
 *
 * @param kind description in messages, e.g. `fault`.
 * @param types the members of each type of fault.
 * @throws {TypeError} when the fault is unknown, or a member of it is unknown or of the wrong type.
 * @throws {RangeError} when one of its numbers is missing or out of range.
 */
export function checkMembers(
  kind: string,
  fault: unknown,
  types: Readonly<Record<string, Readonly<Record<string, MemberRule>>>>,
): void {
  const { type } = Object(fault) as { readonly type?: unknown };
  if (typeof type !== "string" || !Object.hasOwn(types, type)) {
    const names = Object.keys(types).join(", ");
    throw new TypeError(`Cannot set a ${kind} as type must be one of ${names}: current value is ${type}`);
  }
  const rules = types[type]!;
  checkNames(`set the ${kind} ${type}`, fault, { type: 1, ...rules });
  for (const [name, { isRequired = false, mistakeOf }] of Object.entries(rules)) {
    const value = (fault as Readonly<Record<string, unknown>>)[name];
    const mistake = value === undefined && !isRequired ? undefined : mistakeOf(value);
    if (!mistake) continue;
    const shown = typeof value === "object" ? JSON.stringify(value) : String(value);
    throw new mistake.kind(
      `Cannot set the ${kind} ${type} as ${name} must be ${mistake.wanted}: current value is ${shown}`,
    );
  }
}
