// This module is browser compatible.
import type { FieldRule } from "../_internal/field_rule.ts";
import type { EventIssue } from "../errors.ts";

export type {
  AnyKeyRule,
  CombinationRule,
  ConditionRule,
  EnumRule,
  FieldRule,
  FormatRule,
  JsonRule,
  JsonTypeName,
  MaxKeyLengthRule,
  MaxLengthRule,
  MinLengthRule,
  PatternRule,
  RangeRule,
  RequiredRule,
  TypeRule,
  UnknownKeyRule,
} from "../_internal/field_rule.ts";

/**
 * One field that breaks a rule of the protocol.
 *
 * @category Checks
 */
export interface FieldIssue extends EventIssue {
  /** The rule, as data. `message` describes the same in words. */
  readonly rule: FieldRule;
}

/**
 * A frame that holds no event, or a known event with a field of the wrong type.
 *
 * @category Checks
 */
export interface MalformedFrame {
  /** Nothing was recognized. */
  readonly ok: false;
  /** The event's type, if it has one. */
  readonly type: string | undefined;
  /** The issues. */
  readonly issues: readonly FieldIssue[];
  /** The parsed JSON, or the frame itself when it is not JSON. */
  readonly raw: unknown;
}
