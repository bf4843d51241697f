// This module is browser compatible.

/** Deletes the entries that were added first until at most `max` are left. The caller says what their loss means. */
export function evictOldest<K>(entries: Set<K> | Map<K, unknown>, max: number): void {
  for (const key of entries.keys()) {
    if (entries.size <= max) return;
    entries.delete(key);
  }
}
