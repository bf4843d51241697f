// This module is browser compatible.

/** A map or a set. */
export interface Evictable<K> {
  readonly size: number;
  keys(): Iterable<K>;
  delete(key: K): boolean;
}

/** Deletes the oldest entries until at most `max` are left. Callers document the effect of losing an entry. */
export function evictOldest<K>(entries: Evictable<K>, max: number): void {
  for (const key of entries.keys()) {
    if (entries.size <= max) return;
    entries.delete(key);
  }
}
