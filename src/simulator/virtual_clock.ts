// This module is browser compatible.
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import type { Clock } from "../_internal/clock.ts";

/**
 * A clock that moves only when `advance` is called, so that a test of an hour of conversation takes no time.
 *
 * @category Simulator
 */
export interface VirtualClock extends Clock {
  /** Calls that are scheduled and have neither run nor been cancelled. */
  readonly pending: number;
  /**
   * Advances the time by `ms` milliseconds and runs the calls that fall due: in order of time, then in the order of
   * scheduling, each with {@linkcode Clock.now} at its own time. Promises and streams that a call wakes up settle
   * before the next call runs, and before this resolves. Calls scheduled within the span run as well. `advance(0)` lets
   * things settle and runs calls that are due now.
   *
   * Advances that overlap run one after the other.
   *
   * @throws {RangeError} when `ms` is negative or not a finite number.
   */
  advance(ms: number): Promise<void>;
}

/**
 * Options of {@linkcode createVirtualClock}.
 *
 * @category Simulator
 */
export interface VirtualClockOptions {
  /**
   * Milliseconds that the clock shows at the start.
   *
   * @default {0}
   */
  startMs?: number | undefined;
}

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/**
 * Resolves in a later turn of the event loop, when every promise that could settle has settled. A message channel would
 * not work: Deno delivers its messages after a few microtasks. `setTimeout` does, and takes a millisecond or more.
 */
function nextTurn(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown };
  return new Promise((resolve) => setImmediate ? setImmediate(resolve) : setTimeout(resolve, 0));
}

/**
 * Creates a clock that moves only when `advance` is called.
 *
 * @category Simulator
 *
 * @example Waiting without waiting
 * ```ts
 * import { createVirtualClock } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * const clock = createVirtualClock();
 * const seen: number[] = [];
 * clock.schedule(() => seen.push(clock.now()), 60_000);
 * await clock.advance(59_999);
 * assertEquals(seen, []);
 * await clock.advance(1);
 * assertEquals(seen, [60_000]);
 * ```
 *
 * @example A conversation in virtual time
 * ```ts
 * import { connect } from "@oai-rt/edge";
 * import { createSimulator, createVirtualClock } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * const clock = createVirtualClock();
 * const { dial } = createSimulator({ clock });
 * const opening = connect({ apiKey: "sk-test", dial, clock, outputModalities: ["text"] });
 * await clock.advance(200); // Nothing happens until then, so `opening` is awaited afterwards.
 * const session = await opening;
 * const asking = session.ask("Good morning!");
 * await clock.advance(60_000);
 * assertEquals((await asking).status, "completed");
 * await session.close();
 * ```
 *
 * @throws {TypeError} when an option is unknown.
 * @throws {RangeError} when `startMs` is not a finite number.
 */
export function createVirtualClock(options: VirtualClockOptions = {}): VirtualClock {
  checkOptions("create the clock", options, { startMs: 1 } satisfies OptionNames<VirtualClockOptions>);
  const timers = new Set<Timer>();
  const { startMs = 0 } = options;
  if (!Number.isFinite(startMs)) {
    throw new RangeError(`Cannot create the clock as startMs must be a finite number: current value is ${startMs}`);
  }
  let nowMs = startMs;
  let last: Promise<void> = Promise.resolve();

  function nextUntil(endMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of timers) {
      if (timer.dueMs <= endMs && (next === undefined || timer.dueMs < next.dueMs)) next = timer;
    }
    return next;
  }

  async function run(ms: number): Promise<void> {
    const endMs = nowMs + ms;
    await nextTurn();
    for (let timer = nextUntil(endMs); timer !== undefined; timer = nextUntil(endMs)) {
      timers.delete(timer);
      nowMs = timer.dueMs;
      timer.callback();
      await nextTurn();
    }
    nowMs = endMs;
  }

  return {
    get pending() {
      return timers.size;
    },
    now: () => nowMs,
    schedule(callback, delayMs) {
      // Like the platform's timers, NaN is no delay.
      const timer: Timer = { dueMs: nowMs + Math.max(0, delayMs || 0), callback };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    advance(ms) {
      if (!Number.isFinite(ms) || ms < 0) {
        throw new RangeError(`Cannot advance the clock as ms must be a finite number >= 0: current value is ${ms}`);
      }
      const done = last.then(() => run(ms));
      last = done.catch(() => {});
      return done;
    },
  };
}
