import { checkNames } from "../../_internal/check_options.ts";
import { originPattern } from "../_http/origins.ts";
import { OVERRIDABLE_FIELDS } from "../overridable_field.ts";

/** Minimum length of a secret for signing tokens, in characters. */
export const MIN_SECRET_CHARACTERS = 16;

/** Constraints of an option. */
export interface Rule {
  /** Whether a value has the right type. */
  readonly is: (value: unknown) => boolean;
  /** Whether a value of the right type is allowed; absent: all are. */
  readonly allows?: (value: never) => boolean;
  /** The constraints in words, which complete the sentence "… must be …". */
  readonly words: string;
  /** Whether there is no default. */
  readonly isRequired?: boolean;
  /** Whether messages must not show the value. */
  readonly isSecret?: boolean;
}

export type Rules<Options> = { readonly [Name in keyof Required<Options>]: Rule };

export const isFunction = (value: unknown) => typeof value === "function";
export const isText = (value: unknown) => typeof value === "string";
export const isNumber = (value: unknown) => typeof value === "number";
export const isTextOrFunction = (value: unknown) => isText(value) || isFunction(value);
export const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
export const hasMethods = (...names: readonly string[]) => (value: unknown) =>
  isObject(value) && names.every((name) => isFunction((value as Record<string, unknown>)[name]));
export const isList = (is: (value: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(is);
export const isOverridable = (value: unknown) => (OVERRIDABLE_FIELDS as readonly unknown[]).includes(value);
export const isOrigin = (value: unknown) => originPattern(value) !== undefined;
export const isOneOf = (...values: readonly unknown[]) => (value: unknown) => values.includes(value);
export const isTool = (value: unknown) =>
  hasMethods("call")(value) && isObject((value as { definition?: unknown }).definition);

/** Shortest limit of a session's duration, in milliseconds. */
export const MIN_SESSION_MS = 1000;

export const aFlag: Rule = { is: (value) => typeof value === "boolean", words: "true or false" };
export const aFunction: Rule = { is: isFunction, words: "a function" };
export const aText: Rule = { is: isText, allows: (value) => value !== "", words: "a non-empty string" };
/** Longest delay of timers, in milliseconds: a longer one fires at once. */
export const MAX_DELAY_MS = 2 ** 31 - 1;

export const aPositiveNumber: Rule = {
  is: isNumber,
  allows: (value) => value > 0 && value < Infinity,
  words: "a number above 0",
};

export function aWholeNumber(least: number, most: number = Number.MAX_SAFE_INTEGER): Rule {
  return {
    is: isNumber,
    allows: (value) => Number.isInteger(value) && value >= least && value <= most,
    words: `a whole number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ""}`,
  };
}

export function aSecret(least: number): Rule {
  return {
    is: isTextOrFunction,
    allows: (value: unknown) => typeof value !== "string" || value.length >= least,
    words: `a function, or a string of at least ${least} characters`,
    isSecret: true,
  };
}

/**
 * Checks options, so that a misspelt one is not silently ignored.
 *
 * @throws {TypeError} when an option is unknown, missing or of the wrong type.
 * @throws {RangeError} when a value is not allowed.
 */
export function assertOptions<Options extends object>(options: Options, rules: Rules<Options>, action: string): void {
  checkNames(action, options, rules);
  for (const [name, rule] of Object.entries<Rule>(rules)) {
    const value: unknown = options[name as keyof Options];
    if (value === undefined && !rule.isRequired) continue;
    const shown = rule.isSecret ? "" : `: current value is ${show(value)}`;
    const message = `Cannot ${action} as ${name} must be ${rule.words}${shown}`;
    if (!rule.is(value)) throw new TypeError(message);
    if (rule.allows && !rule.allows(value as never)) throw new RangeError(message);
  }
}

function show(value: unknown): string {
  return typeof value === "object" || typeof value === "string" ? `${JSON.stringify(value)}`.slice(0, 200) : `${value}`;
}
