// This module is browser compatible.

/**
 * A schema of any library that follows the Standard Schema and Standard JSON Schema specifications.
 *
 * @category Tools
 */
export interface StandardSchema<T = unknown> {
  /** What the specifications ask for. */
  readonly "~standard": {
    /** Checks a value. */
    readonly validate: (value: unknown) => StandardResult<T> | Promise<StandardResult<T>>;
    /** Gives the JSON Schema. */
    readonly jsonSchema: { readonly input: (options: { readonly target: "draft-07" }) => Record<string, unknown> };
  };
}

/**
 * What a {@linkcode StandardSchema} says of a value: the checked value, or what is wrong with it.
 *
 * @category Tools
 */
export type StandardResult<T> =
  | {
    /** The value, perhaps changed. */
    readonly value: T;
    /** Nothing is wrong. */
    readonly issues?: undefined;
  }
  | {
    /** What is wrong. */
    readonly issues: readonly StandardIssue[];
  };

/**
 * One thing that is wrong with a value.
 *
 * @category Tools
 */
export interface StandardIssue {
  /** What is wrong, for a human. */
  readonly message: string;
  /** Where: field names, or objects with a `key`. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
