// This module is browser compatible.

/** Deletes what was added first when there are more than `max`. */
export function evictOldest<K>(entries: Set<K> | Map<K, unknown>, max: number): void {
  for (const key of entries.keys()) {
    if (entries.size <= max) return;
    entries.delete(key);
  }
}
