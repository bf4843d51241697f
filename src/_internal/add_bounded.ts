// This module is browser compatible.
import { type Evictable, evictOldest } from "./evict_oldest.ts";

/**
 * Adds `id` to `ids`, and deletes the oldest id when there are more than `max`. Callers document the effect of losing
 * an id.
 */
export function addBounded<Id>(ids: Evictable<Id> & { add(id: Id): unknown }, id: Id, max: number): void {
  ids.add(id);
  evictOldest(ids, max);
}
