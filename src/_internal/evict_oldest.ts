// This module is browser compatible.

/** A map or a set. */
export interface Evictable<K> {
  readonly size: number;
  keys(): Iterable<K>;
  delete(key: K): boolean;
}

/** Deletes the entries that were added first until at most `max` are left. The caller says what their loss means. */
export function evictOldest<K>(entries: Evictable<K>, max: number): void {
  for (const key of entries.keys()) {
    if (entries.size <= max) return;
    entries.delete(key);
  }
}
