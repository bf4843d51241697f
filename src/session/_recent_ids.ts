// This module is browser compatible.

/** Adds `id` to `ids`, of which at most `max` are kept: the oldest one goes. */
export function remember(ids: Set<string>, id: string, max: number): void {
  ids.add(id);
  if (ids.size > max) ids.delete(ids.values().next().value!);
}
