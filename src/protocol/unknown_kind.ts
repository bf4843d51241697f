// This module is browser compatible.

/**
 * The `type` of something of a kind that this version does not know. At run time it is any string, just as it arrived;
 * the pattern only marks it, so that a union narrows on its known types (`event.type === "response.done"`) and refuses
 * misspelt ones. To compare it with a name, assign it to a `string`.
 *
 * @category Types
 */
export type UnknownType = `(unknown) ${string}`;

/**
 * Something of a kind newer than this version, or of another server's making, kept as it arrived.
 *
 * @category Types
 */
export interface UnknownKind {
  /** Its own name for its kind. */
  readonly type: UnknownType;
  /** Every other field that it has. */
  readonly [field: string]: unknown;
}
