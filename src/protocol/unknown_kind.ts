// This module is browser compatible.

/**
 * The `type` of an object that this version does not know. At run time it is any string; the pattern only ensures that
 * a union narrows on its known types (`event.type === "response.done"`) and rejects misspelt ones. To compare it with a
 * name, assign it to a `string`.
 *
 * @category Types
 */
export type UnknownType = `(unknown) ${string}`;

/**
 * An object of a type newer than this version, or of another server, unchanged.
 *
 * @category Types
 */
export interface UnknownKind {
  /** Its own name for its kind. */
  readonly type: UnknownType;
  /** Every other field that it has. */
  readonly [field: string]: unknown;
}
