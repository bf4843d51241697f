import { isRecord } from "../../_internal/wire.ts";

/** Fields by their names. */
export type Fields = Readonly<Record<string, unknown>>;

/** Names of a field and of the objects that it is in, from the outside in. */
export type Path = readonly string[];

/** Whether a field, by its path with dots, is one of these, or in one. */
export function isIn(path: string, fields: readonly string[]): boolean {
  return fields.some((field) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`));
}

/**
 * A copy of an object with another value at a path; the objects on the way are made where there are none.
 *
 * @returns `undefined` when something on the way is there, and is no object.
 */
export function withValue(object: Fields, path: Path, value: unknown): Fields | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return undefined;
  if (rest.length === 0) return { ...object, [name]: value };
  const inner = object[name] ?? (object[name] === null ? null : {});
  const changed = isRecord(inner) ? withValue(inner, rest, value) : undefined;
  return changed && { ...object, [name]: changed };
}
