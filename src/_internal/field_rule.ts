// This module is browser compatible.

/**
 * Name of a JSON type, as `typeof` and `Array.isArray` tell it.
 *
 * @category Checks
 */
export type JsonTypeName = "string" | "number" | "boolean" | "object" | "array";

/**
 * The text is not JSON, or the value cannot be written as JSON.
 *
 * @category Checks
 */
export interface JsonRule {
  /** Kind of rule. */
  readonly kind: "json";
  /** Reason that the JSON parser or writer gives. */
  readonly reason: string;
}

/**
 * A field must be there.
 *
 * @category Checks
 */
export interface RequiredRule {
  /** Kind of rule. */
  readonly kind: "required";
  /** The expected type, or the allowed values, where there is one answer. */
  readonly expected?: JsonTypeName | readonly (string | number)[] | undefined;
}

/**
 * An object has only the documented fields.
 *
 * @category Checks
 */
export interface UnknownKeyRule {
  /** Kind of rule. */
  readonly kind: "unknown_key";
  /** Which field to use instead, or why there is none, for fields that people are known to send. */
  readonly hint?: string | undefined;
}

/**
 * A value has a JSON type.
 *
 * @category Checks
 */
export interface TypeRule {
  /** Kind of rule. */
  readonly kind: "type";
  /** The type that is expected. */
  readonly expected: JsonTypeName;
  /** The type of the value: a JSON type, `"null"`, or another result of `typeof`. */
  readonly received: string;
}

/**
 * A value is one of a list.
 *
 * @category Checks
 */
export interface EnumRule {
  /** Kind of rule. */
  readonly kind: "enum";
  /** All values that are allowed. */
  readonly values: readonly (string | number)[];
}

/**
 * A list is one of a list of lists, in any order.
 *
 * @category Checks
 */
export interface CombinationRule {
  /** Kind of rule. */
  readonly kind: "combination";
  /** All lists that are allowed. */
  readonly values: readonly (readonly string[])[];
}

/**
 * A number is within bounds.
 *
 * @category Checks
 */
export interface RangeRule {
  /** Kind of rule. */
  readonly kind: "range";
  /** Smallest value that is allowed. */
  readonly min: number;
  /** Largest value that is allowed; `Infinity` when there is none. */
  readonly max: number;
  /** Whether it must be a whole number. */
  readonly integer: boolean;
}

/**
 * A number is finite, as JSON has no other.
 *
 * @category Checks
 */
export interface FiniteRule {
  /** Kind of rule. */
  readonly kind: "finite";
}

/**
 * A value is not longer than a limit.
 *
 * @category Checks
 */
export interface MaxLengthRule {
  /** Kind of rule. */
  readonly kind: "max_length";
  /** Most of the unit that is allowed. */
  readonly max: number;
  /**
   * What is counted: characters or tokens of a string, bytes that base64 decodes to, fields of an object, entries or
   * messages of an array.
   */
  readonly unit: "characters" | "tokens" | "bytes" | "pairs" | "entries" | "messages";
}

/**
 * The names of an object's fields are not longer than a limit.
 *
 * @category Checks
 */
export interface MaxKeyLengthRule {
  /** Kind of rule. */
  readonly kind: "max_key_length";
  /** Most characters that are allowed. */
  readonly max: number;
}

/**
 * A string or an array is not too short.
 *
 * @category Checks
 */
export interface MinLengthRule {
  /** Kind of rule. */
  readonly kind: "min_length";
  /** Fewest characters or entries that are allowed. */
  readonly min: number;
}

/**
 * A string matches a regular expression.
 *
 * @category Checks
 */
export interface PatternRule {
  /** Kind of rule. */
  readonly kind: "pattern";
  /** Source of the regular expression. */
  readonly pattern: string;
  /** The same in words, after "must be". */
  readonly description: string;
}

/**
 * A string has a format.
 *
 * @category Checks
 */
export interface FormatRule {
  /** Kind of rule. */
  readonly kind: "format";
  /** The format: base64 with its padding, or a data URL of a PNG or JPEG image in base64. */
  readonly format: "base64" | "image_data_url";
}

/**
 * An object has at least one of several fields.
 *
 * @category Checks
 */
export interface AnyKeyRule {
  /** Kind of rule. */
  readonly kind: "any_key";
  /** Names of the fields. */
  readonly keys: readonly string[];
}

/**
 * A value has a property that no other kind of rule describes, e.g. one field depends on another.
 *
 * @category Checks
 */
export interface ConditionRule {
  /** Kind of rule. */
  readonly kind: "condition";
  /** The property in words, after "must". */
  readonly description: string;
}

/**
 * A rule of the protocol as data; `kind` is the discriminant.
 *
 * @category Checks
 */
export type FieldRule =
  | JsonRule
  | RequiredRule
  | UnknownKeyRule
  | TypeRule
  | EnumRule
  | CombinationRule
  | RangeRule
  | FiniteRule
  | MaxLengthRule
  | MaxKeyLengthRule
  | MinLengthRule
  | PatternRule
  | FormatRule
  | AnyKeyRule
  | ConditionRule;
