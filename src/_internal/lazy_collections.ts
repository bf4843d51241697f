// This module is browser compatible.

/**
 * Base of maps and sets that allocate memory with their first entry. A session has about forty, most of them stay
 * empty, and an empty one takes 150 bytes.
 */
abstract class LazyCollection<K, V, Entry> {
  protected inner: Pick<Map<K, V>, "size" | "has" | "delete" | "keys"> & Iterable<Entry> | undefined;

  get size(): number {
    return this.inner?.size ?? 0;
  }

  has(key: K): boolean {
    return this.inner?.has(key) ?? false;
  }

  delete(key: K): boolean {
    return this.inner?.delete(key) ?? false;
  }

  clear(): void {
    this.inner = undefined;
  }

  /** Frees the memory of an empty collection; must not be called during an iteration. */
  trim(): void {
    if (this.size === 0) this.clear();
  }

  keys(): Iterable<K> {
    return this.inner?.keys() ?? [];
  }

  [Symbol.iterator](): Iterator<Entry> {
    return (this.inner ?? [])[Symbol.iterator]();
  }
}

/** A `Map` that allocates memory with its first entry. */
export class LazyMap<K, V> extends LazyCollection<K, V, [K, V]> {
  declare protected inner: Map<K, V> | undefined;

  get(key: K): V | undefined {
    return this.inner?.get(key);
  }

  set(key: K, value: V): this {
    (this.inner ??= new Map()).set(key, value);
    return this;
  }

  values(): IterableIterator<V> {
    return this.inner?.values() ?? [].values();
  }
}

/** A `Set` that allocates memory with its first entry. */
export class LazySet<T> extends LazyCollection<T, T, T> {
  declare protected inner: Set<T> | undefined;

  add(value: T): this {
    (this.inner ??= new Set()).add(value);
    return this;
  }
}
