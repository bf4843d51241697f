// Compares two types field by field and describes the differences as a union of string literals. A union of objects
// counts as one object with all their fields; `unknown` matches anything.

/**
 * Differences between types of incoming values. Null in ours is not a difference: any optional field may be null there.
 */
export type InboundDifference<Ours, Theirs, Path extends string> = Difference<Ours, Theirs, Path, "in">;

/** Differences between types of outgoing values. */
export type OutboundDifference<Ours, Theirs, Path extends string> = Difference<Ours, Theirs, Path, "out">;

/** Fields whose types occur in several places, and are compared once under their own name. */
type ComparedElsewhere = `${string}.${
  | "content[]"
  | "input[]"
  | "item"
  | "output[]"
  | "part"
  | "prompt"
  | "response"
  | "session"
  | "tools[]"}`;

type Difference<Ours, Theirs, Path extends string, Way> = Path extends ComparedElsewhere ? never
  : unknown extends Ours | Theirs ? never
  :
    | KindDifference<Kind<Known<Ours>>, Kind<Theirs>, Path>
    | WordDifference<Words<Known<Ours>>, Words<Theirs>, Path>
    | OpennessDifference<Openness<Ours>, Openness<Theirs>, Path, Way>
    | ArrayDifference<ItemOf<Ours>, ItemOf<Theirs>, Path, Way>
    | ObjectDifference<ObjectOf<Known<Ours>>, ObjectOf<Theirs>, Path, Way>;

/** Without the placeholder for unknown kinds of objects. */
type Known<T> = T extends { readonly type: string } ? string extends keyof T ? never : T : T;

type Kind<T> = T extends string ? "string"
  : T extends number ? "number"
  : T extends boolean ? "boolean"
  : T extends readonly unknown[] ? "array"
  : T extends object ? "object"
  : never;

type KindDifference<Ours extends string, Theirs extends string, Path extends string> =
  | `${Path} may be ${Exclude<Ours, Theirs>} in ours`
  | `${Path} may be ${Exclude<Theirs, Ours>} in theirs`;

/** The strings of a type; any other string may be allowed in addition. */
type Words<T> = T extends string ? string extends T ? never : T : never;

/** Where theirs lists no values, ours may list the documented ones. */
type WordDifference<Ours extends string, Theirs extends string, Path extends string> = [Theirs] extends [never] ? never
  :
    | `${Path} may be "${Exclude<Ours, Theirs>}" in ours`
    | `${Path} may be "${Exclude<Theirs, Ours>}" in theirs`;

/** Whether a type accepts any string, or only the values that it lists. */
type Openness<T> = T extends string ? string extends T ? "any word" : never : never;

/** Ours accepts any string in incoming events. */
type OpennessDifference<Ours extends string, Theirs extends string, Path extends string, Way> = Way extends "in" ? never
  :
    | `${Path} may be ${Exclude<Ours, Theirs>} in ours`
    | `${Path} may be ${Exclude<Theirs, Ours>} in theirs`;

type ItemOf<T> = T extends readonly (infer Item)[] ? Item : never;

type ArrayDifference<Ours, Theirs, Path extends string, Way> = [Ours] extends [never] ? never
  : [Theirs] extends [never] ? never
  : Difference<Ours, Theirs, `${Path}[]`, Way>;

type ObjectOf<T> = T extends string | readonly unknown[] ? never : T extends object ? T : never;

type ObjectDifference<Ours, Theirs, Path extends string, Way> = [Ours] extends [never] ? never
  : [Theirs] extends [never] ? never
  :
    | `${Path}.${Exclude<FieldsOf<Ours>, FieldsOf<Theirs>>} is only in ours`
    | `${Path}.${Exclude<FieldsOf<Theirs>, FieldsOf<Ours>>} is only in theirs`
    | {
      [Field in FieldsOf<Ours> & FieldsOf<Theirs>]:
        | PresenceDifference<Presence<Ours, Field>, Presence<Theirs, Field>, `${Path}.${Field}`>
        | NullDifference<FieldOf<Ours, Field>, FieldOf<Theirs, Field>, `${Path}.${Field}`, Way>
        | Difference<
          Exclude<FieldOf<Ours, Field>, null | undefined>,
          Exclude<FieldOf<Theirs, Field>, null | undefined>,
          `${Path}.${Field}`,
          Way
        >;
    }[FieldsOf<Ours> & FieldsOf<Theirs>];

type FieldsOf<T> = T extends unknown ? keyof T & string : never;

type FieldOf<T, Field extends string> = T extends unknown ? Field extends keyof T ? T[Field] : never : never;

/** Optional if it is so in any of the objects that have the field. */
type Presence<T, Field extends string> = "optional" extends PresenceIn<T, Field> ? "optional" : "required";

type PresenceIn<T, Field extends string> = T extends unknown
  ? Field extends keyof T ? Record<never, never> extends Pick<T, Field> ? "optional" : "required" : never
  : never;

type PresenceDifference<Ours extends string, Theirs extends string, Path extends string> = Ours extends Theirs ? never
  : `${Path} is ${Ours} in ours`;

type NullDifference<Ours, Theirs, Path extends string, Way> = unknown extends Ours | Theirs ? never
  : null extends Theirs ? null extends Ours ? never : `${Path} may be null in theirs`
  : null extends Ours ? Way extends "in" ? never : `${Path} may be null in ours`
  : never;
