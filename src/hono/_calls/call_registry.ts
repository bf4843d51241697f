import { ActiveCall, type ActiveCallOptions } from "./active_call.ts";

/** How long a call can last, in milliseconds: a session ends after an hour. */
const LONGEST_MS = 3_900_000;

/** How many calls are remembered; with one more, the oldest is forgotten. */
const MAX_CALLS = 20_000;

/** The calls that this process has begun. */
export class CallRegistry {
  readonly #calls = new Map<string, ActiveCall>();
  #isClosed = false;

  /** A call that has not ended as far as this process knows. */
  get(callId: string): ActiveCall | undefined {
    return this.#calls.get(callId);
  }

  /** Remembers a call that has begun. */
  add(options: Omit<ActiveCallOptions, "onEnd">): ActiveCall {
    const { callId } = options.call;
    this.#forgetOld(options.settings.clock.now());
    const call = new ActiveCall({
      ...options,
      onEnd: () => {
        if (this.#calls.get(callId) === call) this.#calls.delete(callId);
      },
    });
    this.#calls.set(callId, call);
    return call;
  }

  /** Whether no more calls are to begin. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Hangs up everything. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(Array.from(this.#calls.values(), (call) => call.end("shutdown")));
  }

  #forgetOld(nowMs: number): void {
    for (const call of this.#calls.values()) {
      if (this.#calls.size < MAX_CALLS && nowMs - call.startedMs < LONGEST_MS) return;
      void call.end("expired");
    }
  }
}
