// This module is browser compatible.
import { evictOldest } from "./evict_oldest.ts";

/** Adds `id` to `ids`, of which at most `max` are kept: the oldest one goes. */
export function addBounded(ids: Set<string>, id: string, max: number): void {
  ids.add(id);
  evictOldest(ids, max);
}
