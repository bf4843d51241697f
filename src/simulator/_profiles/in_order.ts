// This module is browser compatible.
import type { Fields } from "./frame_shape.ts";

/** The same fields in the recorded order: some come first, some last, and the others stay in between. */
export function inOrder(fields: Fields, first: readonly string[], last: readonly string[] = []): Fields {
  const ordered: Record<string, unknown> = {};
  // A field that is set again keeps its place.
  for (const name of first) if (name in fields) ordered[name] = fields[name];
  for (const name of Object.keys(fields)) if (!last.includes(name)) ordered[name] = fields[name];
  for (const name of last) if (name in fields) ordered[name] = fields[name];
  return ordered;
}
