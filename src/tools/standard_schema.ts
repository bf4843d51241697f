// This module is browser compatible.

/**
 * A schema of any library that follows the Standard Schema and Standard JSON Schema specifications.
 *
 * @category Tools
 */
export interface StandardSchema<T = unknown> {
  /** The properties that the specifications require. */
  readonly "~standard": {
    /** Checks a value. */
    readonly validate: (value: unknown) => StandardResult<T> | Promise<StandardResult<T>>;
    /** Returns the JSON Schema. */
    readonly jsonSchema: { readonly input: (options: { readonly target: "draft-07" }) => Record<string, unknown> };
  };
}

/**
 * The result of validation by a {@linkcode StandardSchema}: the validated value, or the issues.
 *
 * @category Tools
 */
export type StandardResult<T> =
  | {
    /** The value, possibly transformed. */
    readonly value: T;
    /** Absent: the value is valid. */
    readonly issues?: undefined;
  }
  | {
    /** The issues. */
    readonly issues: readonly StandardIssue[];
  };

/**
 * One issue of a value.
 *
 * @category Tools
 */
export interface StandardIssue {
  /** Description of the issue. */
  readonly message: string;
  /** Path of the faulty value: field names, or objects with a `key`. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
