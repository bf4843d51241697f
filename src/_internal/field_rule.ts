// This module is browser compatible.

/**
 * Name of a JSON type, as determined by `typeof` and `Array.isArray`.
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
  /** Reason given by the JSON parser or serializer. */
  readonly reason: string;
}

/**
 * A field is required.
 *
 * @category Checks
 */
export interface RequiredRule {
  /** Kind of rule. */
  readonly kind: "required";
  /** The expected type, or the allowed values, when there is a single answer. */
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
  /** The field to use instead, or the reason why it does not exist, for fields that are often sent by mistake. */
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
  /** The expected type. */
  readonly expected: JsonTypeName;
  /**
   * The type of the value: a JSON type, `"null"`, or another result of `typeof`. It is `"number"`, as the expected one,
   * for NaN and Infinity, which JSON cannot write.
   */
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
  /** All allowed values. */
  readonly values: readonly (string | number)[];
}

/**
 * A list is one of several lists, in any order.
 *
 * @category Checks
 */
export interface CombinationRule {
  /** Kind of rule. */
  readonly kind: "combination";
  /** All allowed lists. */
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
  /** Smallest allowed value. */
  readonly min: number;
  /** Largest allowed value; `Infinity` when there is no upper limit. */
  readonly max: number;
  /** Whether the number must be an integer. */
  readonly integer: boolean;
}

/**
 * A value is not longer than a limit.
 *
 * @category Checks
 */
export interface MaxLengthRule {
  /** Kind of rule. */
  readonly kind: "max_length";
  /** Largest allowed number of units. */
  readonly max: number;
  /**
   * Unit that is counted: characters or tokens of a string, bytes of decoded base64, fields of an object, entries or
   * messages of an array.
   */
  readonly unit: "characters" | "tokens" | "bytes" | "pairs" | "entries" | "messages";
}

/**
 * The field names of an object do not exceed a length.
 *
 * @category Checks
 */
export interface MaxKeyLengthRule {
  /** Kind of rule. */
  readonly kind: "max_key_length";
  /** Largest allowed number of characters. */
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
  /** Smallest allowed number of characters or entries. */
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
  /** The pattern in words, after "must be". */
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
 * A value meets a condition that no other kind of rule describes, e.g. one field depends on another.
 *
 * @category Checks
 */
export interface ConditionRule {
  /** Kind of rule. */
  readonly kind: "condition";
  /** The condition in words, after "must". */
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
  | MaxLengthRule
  | MaxKeyLengthRule
  | MinLengthRule
  | PatternRule
  | FormatRule
  | AnyKeyRule
  | ConditionRule;
