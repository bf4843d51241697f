// This module is browser compatible.
import type { EventIssue } from "../errors.ts";

/**
 * Which sort of rule is broken: the text is no JSON, a field is missing, a field does not exist, a value is of the wrong
 * type, or it is of the right type and not allowed.
 */
export type FieldIssueKind = "json" | "missing" | "unknown" | "type" | "value";

/** One field that is not as the protocol wants it. */
export interface FieldIssue extends EventIssue {
  /** Which sort of rule is broken; what the API answers with depends on it. */
  readonly kind: FieldIssueKind;
}

/** A frame that is no event, or an event of a known type whose fields are not as they should be. */
export interface MalformedFrame {
  /** Nothing was recognized. */
  readonly ok: false;
  /** The event's type, when it has one. */
  readonly type: string | undefined;
  /** What is wrong with it. */
  readonly issues: readonly FieldIssue[];
  /** The parsed JSON; the frame itself when it is no JSON. */
  readonly raw: unknown;
}
