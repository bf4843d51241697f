/**
 * What became of an addition to a counter.
 *
 * @category Edge app
 */
export interface StoreCount {
  /** Whether it was added: `false` when the counter would have exceeded `max`, and stays as it was. */
  readonly ok: boolean;
  /** Value of the counter now. */
  readonly value: number;
  /** How long until the counter starts from 0 again, in milliseconds. */
  readonly resetMs: number;
}

/**
 * What became of the wish for a place.
 *
 * @category Edge app
 */
export interface StoreHold {
  /** Whether the holder has a place. */
  readonly ok: boolean;
  /** How long until the first place becomes free at the latest, in milliseconds; 0 when `ok`. */
  readonly retryMs: number;
}

/**
 * Where an app keeps what its servers and isolates have to know together: counters of quotas, places that relays and
 * calls take, webhooks that were handled, answers to repeated requests. Each operation is one atomic step, and everything
 * expires by itself.
 *
 * There is {@linkcode memoryStore} for one process, {@linkcode denoKvStore}, {@linkcode durableObjectStore} and
 * {@linkcode redisStore}; a store of your own passes the same tests as these when it does what is said here.
 *
 * @category Edge app
 */
export interface RealtimeStore {
  /**
   * Adds to a counter. The first addition creates it and starts its `ttlMs`; later ones do not prolong that.
   *
   * @param amount 0 reads the counter, a negative number takes back.
   */
  add(
    key: string,
    amount: number,
    options: { readonly max?: number | undefined; readonly ttlMs: number },
  ): StoreCount | Promise<StoreCount>;
  /**
   * Takes one of `max` places for `ttlMs`; a holder that has one already keeps it for that time. A place whose time is
   * out is free.
   */
  hold(
    key: string,
    holder: string,
    options: { readonly max: number; readonly ttlMs: number },
  ): StoreHold | Promise<StoreHold>;
  /** Gives a place back; does nothing when the holder has none. */
  release(key: string, holder: string): void | Promise<void>;
  /** The text that was put under a key; `null` when there is none, or its time is out. */
  get(key: string): string | null | Promise<string | null>;
  /** Puts a text of at most 60 000 bytes under a key, in place of another. */
  put(key: string, value: string, options: { readonly ttlMs: number }): void | Promise<void>;
}
