// This module is browser compatible.
import type { Fields } from "./frame_shape.ts";

/**
 * Fields that only another server has travel through a session under symbols: the checks of the GA API do not see them,
 * and a session merges them like its other fields.
 */
function symbolOf(name: string): symbol {
  return Symbol.for(`oai-rt.${name}`);
}

/** The fields without those of these names, which are put under symbols. */
export function hideFields(fields: Fields, names: readonly string[]): Fields {
  const all: Record<PropertyKey, unknown> = { ...fields };
  for (const name of names) {
    if (!(name in all)) continue;
    all[symbolOf(name)] = all[name];
    delete all[name];
  }
  return all;
}

/** One field under a symbol; `undefined` when it was not set. */
export function hiddenField(fields: unknown, name: string): unknown {
  return (fields as Readonly<Record<symbol, unknown>> | null | undefined)?.[symbolOf(name)];
}
