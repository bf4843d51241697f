import { isRecord } from "../../_internal/wire.ts";

/** Fields by name. */
export type Fields = Readonly<Record<string, unknown>>;

/** Names of a field and of the objects that contain it, outermost first. */
export type Path = readonly string[];

/** Whether a field, by its dotted path, is one of these or inside one of them. */
export function isIn(path: string, fields: readonly string[]): boolean {
  return fields.some((field) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`));
}

/**
 * A copy of an object with another value at a path; missing objects on the way are created.
 *
 * @returns `undefined` when a value on the way is not an object.
 */
export function withValue(object: Fields, path: Path, value: unknown): Fields | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return undefined;
  if (rest.length === 0) return { ...object, [name]: value };
  const inner = object[name] ?? (object[name] === null ? null : {});
  const changed = isRecord(inner) ? withValue(inner, rest, value) : undefined;
  return changed && { ...object, [name]: changed };
}
