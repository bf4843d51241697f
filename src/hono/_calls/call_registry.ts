import { evictOldest } from "../../_internal/evict_oldest.ts";
import type { CallEndReason } from "../edge_event.ts";
import { ActiveCall, type ActiveCallOptions } from "./active_call.ts";

/** How many calls are remembered; with one more, the oldest is forgotten. */
const MAX_CALLS = 20_000;

/** How many calls are remembered that have ended. */
const MAX_ENDED = 1_000;

/** The calls that this process has begun. */
export class CallRegistry {
  readonly #calls = new Map<string, ActiveCall>();
  /** Why calls have ended, for pages that ask: they see no more than that their connection is gone. */
  readonly #ended = new Map<string, CallEndReason>();
  /** Goes from the oldest call to the newest. A new one for each look would pass everything that was deleted. */
  #byAge = this.#calls.values();
  /** The oldest call. */
  #oldest: ActiveCall | undefined;
  #isClosed = false;

  /** A call that has not ended as far as this process knows. */
  get(callId: string): ActiveCall | undefined {
    return this.#calls.get(callId);
  }

  /** Why a call has ended that this process has begun, unless that is long ago. */
  endReasonOf(callId: string): CallEndReason | undefined {
    return this.#ended.get(callId);
  }

  /** Remembers a call that has begun. */
  add(options: Omit<ActiveCallOptions, "onEnd">): ActiveCall {
    const { callId } = options.call;
    this.#forgetOld(options.settings.clock.now());
    const call = new ActiveCall({
      ...options,
      onEnd: (reason) => {
        evictOldest(this.#ended.set(callId, reason), MAX_ENDED);
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
    for (let call = this.#findOldest(); call; call = this.#findOldest()) {
      if (this.#calls.size < MAX_CALLS && nowMs - call.startedMs < call.longestMs) return;
      void call.end("expired");
      // One whose hangup is under way is let go all the same.
      this.#oldest = undefined;
    }
  }

  #findOldest(): ActiveCall | undefined {
    while (!this.#oldest || this.#oldest.hasEnded) {
      const { done, value } = this.#byAge.next();
      if (done) {
        // It does not go on once it is through.
        this.#byAge = this.#calls.values();
        return this.#oldest = undefined;
      }
      this.#oldest = value;
    }
    return this.#oldest;
  }
}
