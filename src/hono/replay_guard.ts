/** Remembers webhooks. One that spans several servers keeps them in a database that can add what is not there yet. */
export interface ReplayGuard {
  /** Remembers a webhook, for ten minutes at least; tells whether it is new. Must do both in one step. */
  claim(webhookId: string): boolean | Promise<boolean>;
  /** Forgets a webhook that could not be handled: OpenAI sends it again. */
  release(webhookId: string): void | Promise<void>;
}

/** How long a webhook is remembered unless told otherwise, in milliseconds: twice the tolerance of its time. */
export const DEFAULT_REPLAY_WINDOW_MS = 600_000;

/** How many webhooks are remembered unless told otherwise. */
export const DEFAULT_MAX_REMEMBERED = 10_000;

/** Options of {@linkcode createReplayGuard}. */
export interface ReplayGuardOptions {
  /**
   * How long a webhook is remembered, in milliseconds, at least 0.
   *
   * @default {600000}
   */
  windowMs?: number | undefined;
  /**
   * How many are remembered, at least 1; with one more, the oldest is forgotten.
   *
   * @default {10000}
   */
  maxRemembered?: number | undefined;
  /**
   * Unix time in milliseconds.
   *
   * @default {Date.now}
   */
  now?: (() => number) | undefined;
}

/** Makes a guard that remembers in memory: enough for one process, and for most repetitions on many isolates. */
export function createReplayGuard(options: ReplayGuardOptions = {}): ReplayGuard {
  const { maxRemembered = DEFAULT_MAX_REMEMBERED, now = Date.now, windowMs = DEFAULT_REPLAY_WINDOW_MS } = options;
  const claimedAt = new Map<string, number>();
  return {
    claim(webhookId) {
      const time = now();
      for (const [id, claimed] of claimedAt) {
        if (time - claimed < windowMs) break;
        claimedAt.delete(id);
      }
      if (claimedAt.has(webhookId)) return false;
      for (const id of claimedAt.keys()) {
        if (claimedAt.size < maxRemembered) break;
        claimedAt.delete(id);
      }
      claimedAt.set(webhookId, time);
      return true;
    },
    release: (webhookId) => void claimedAt.delete(webhookId),
  };
}
