/**
 * The result of an addition to a counter.
 *
 * @category Edge app
 */
export interface StoreCount {
  /** Whether it was added: `false` when the counter would have exceeded `max`, and stays as it was. */
  readonly ok: boolean;
  /** The current value of the counter. */
  readonly value: number;
  /** Time until the counter restarts from 0, in milliseconds. */
  readonly resetMs: number;
}

/**
 * The result of taking a place.
 *
 * @category Edge app
 */
export interface StoreHold {
  /** Whether the holder has a place. */
  readonly ok: boolean;
  /** Time until a place becomes free at the latest, in milliseconds; 0 when `ok`. */
  readonly retryMs: number;
}

/**
 * State shared by the servers and isolates of an app: counters of quotas, places of relays and calls, handled webhooks,
 * responses to repeated requests. Each operation is atomic, and all entries expire.
 *
 * Implementations: {@linkcode memoryStore} for one process, {@linkcode denoKvStore}, {@linkcode durableObjectStore} and
 * {@linkcode redisStore}. Your own store must follow this specification.
 *
 * @category Edge app
 */
export interface RealtimeStore {
  /**
   * Adds to a counter. The first addition creates it and starts its `ttlMs`; later ones do not prolong that.
   *
   * @param amount 0 reads the counter; a negative number subtracts, down to 0 at most, and never creates a counter.
   */
  add(
    key: string,
    amount: number,
    options: { readonly max?: number | undefined; readonly ttlMs: number },
  ): StoreCount | Promise<StoreCount>;
  /**
   * Takes one of `max` places for `ttlMs`; a current holder keeps its place for that time. An expired place is free.
   */
  hold(
    key: string,
    holder: string,
    options: { readonly max: number; readonly ttlMs: number },
  ): StoreHold | Promise<StoreHold>;
  /** Releases a place; does nothing when the holder has none. */
  release(key: string, holder: string): void | Promise<void>;
  /** The text stored under a key; `null` when there is none, or it has expired. */
  get(key: string): string | null | Promise<string | null>;
  /** Stores a text of at most 60 000 bytes under a key, replacing any other. */
  put(key: string, value: string, options: { readonly ttlMs: number }): void | Promise<void>;
}
