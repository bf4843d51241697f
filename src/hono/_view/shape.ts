import { isRecord } from "../../_internal/wire.ts";

/** Which fields of an object may be seen: all of a field, or some of what is in it. */
export interface Shape {
  readonly [name: string]: true | Shape;
}

/** Names of fields, all of which may be seen. */
export function fields(...names: readonly string[]): Shape {
  return Object.fromEntries(names.map((name) => [name, true]));
}

/** A copy of a value with the fields of a shape and no others. What should be an object, and is none, is left out. */
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
