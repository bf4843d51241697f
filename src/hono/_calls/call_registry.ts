import { evictOldest } from "../../_internal/evict_oldest.ts";
import { isWorkers } from "../_relay/workers_upgrade.ts";
import { MAX_READERS } from "../_view/call_view.ts";
import type { CallEndReason } from "../edge_event.ts";
import { ActiveCall, type ActiveCallOptions } from "./active_call.ts";

/** Number of calls remembered; with one more, the oldest is forgotten. */
const MAX_CALLS = 20_000;

/** Maximum number of ended calls whose reasons are kept. */
const MAX_ENDED = 1_000;

/** The calls that this process has started. */
export class CallRegistry {
  readonly #calls = new Map<string, ActiveCall>();
  /** Reasons of ended calls, for pages that ask: a page only sees that its connection is lost. */
  readonly #ended = new Map<string, CallEndReason>();
  /** Iterates from the oldest call to the newest. A new iterator for each look would pass all deleted entries. */
  #byAge = this.#calls.values();
  /** The oldest call. */
  #oldest: ActiveCall | undefined;
  /** Functions that end the streams of calls that other processes have started, by the id of the call. */
  readonly #streams = new Map<string, Set<() => void>>();
  #isClosed = false;

  /** Returns a call that has not ended, as far as this process knows. */
  get(callId: string): ActiveCall | undefined {
    return this.#calls.get(callId);
  }

  /** The reason for which a call that this process has started or hung up ended recently. */
  endReasonOf(callId: string): CallEndReason | undefined {
    return this.#ended.get(callId);
  }

  /** Records the reason for which a call has ended. */
  recordEnd(callId: string, reason: CallEndReason): void {
    evictOldest(this.#ended.set(callId, reason), MAX_ENDED);
  }

  /** Registers a call that has begun. */
  add(options: Omit<ActiveCallOptions, "onEnd">): ActiveCall {
    const { callId } = options.call;
    this.#forgetOld(options.settings.clock.now());
    const call = new ActiveCall({
      ...options,
      onEnd: (reason) => {
        this.recordEnd(callId, reason);
        if (this.#calls.get(callId) === call) this.#calls.delete(callId);
      },
    });
    this.#calls.set(callId, call);
    return call;
  }

  /** Whether no further calls may begin. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Registers a function that ends a stream of a call that another process has started, and ends the oldest of too many:
   * each has a connection of its own. Returns how to remove it.
   */
  addStream(callId: string, end: () => void): () => void {
    const streams = this.#streams.get(callId) ?? new Set();
    this.#streams.set(callId, streams.add(end));
    const [oldest] = streams;
    // On Workers, the streams of other requests cannot be ended.
    if (streams.size > MAX_READERS && !isWorkers()) oldest?.();
    return () => {
      streams.delete(end);
      if (streams.size === 0) this.#streams.delete(callId);
    };
  }

  /** Hangs up all calls, and ends the streams of others. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const streams of this.#streams.values()) for (const end of streams) end();
    await Promise.all(Array.from(this.#calls.values(), (call) => call.end("shutdown")));
  }

  #forgetOld(nowMs: number): void {
    for (let call = this.#findOldest(); call; call = this.#findOldest()) {
      if (this.#calls.size < MAX_CALLS && nowMs - call.startedMs < call.longestMs) return;
      void call.end("expired");
      // A call that is being hung up is also forgotten.
      this.#oldest = undefined;
    }
  }

  #findOldest(): ActiveCall | undefined {
    while (!this.#oldest || this.#oldest.hasEnded) {
      const { done, value } = this.#byAge.next();
      if (done) {
        // A finished iterator does not continue.
        this.#byAge = this.#calls.values();
        return this.#oldest = undefined;
      }
      this.#oldest = value;
    }
    return this.#oldest;
  }
}
