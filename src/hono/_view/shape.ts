import { isRecord } from "../../_internal/wire.ts";

/** Visible fields of an object: whole fields, or parts of them. */
export interface Shape {
  readonly [name: string]: true | Shape;
}

/** Creates a shape of whole fields. */
export function fields(...names: readonly string[]): Shape {
  return Object.fromEntries(names.map((name) => [name, true]));
}

/** A copy of a value with only the fields of a shape. A value that should be an object but is not is omitted. */
export function project(value: unknown, shape: Shape): Record<string, unknown> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
      const allowed = Object.hasOwn(shape, name) ? shape[name] : undefined;
      if (allowed === undefined) return [];
      if (allowed === true || inner === null) return [[name, inner]];
      return isRecord(inner) ? [[name, project(inner, allowed)]] : [];
    }),
  );
}
