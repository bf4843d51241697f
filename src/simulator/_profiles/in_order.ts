// This module is browser compatible.
import type { Fields } from "./frame_shape.ts";

/** The same fields in the recorded order: some come first, some last, and the others stay in between. */
export function inOrder(fields: Fields, first: readonly string[], last: readonly string[] = []): Fields {
  const names = Object.keys(fields).filter((name) => !first.includes(name) && !last.includes(name));
  const ordered = [...first, ...names, ...last].filter((name) => name in fields);
  return Object.fromEntries(ordered.map((name) => [name, fields[name]]));
}
