import type { Clock } from "../../_internal/clock.ts";
import type { EdgeLimits, SpendLimits } from "../edge_limits.ts";
import { ProblemError, retryAfter } from "../_http/problem_error.ts";
import type { RealtimeStore } from "../realtime_store.ts";
import { Place } from "./place.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How long a place stays taken unless it is renewed, in milliseconds. */
const PLACE_MS = 60_000;

/** What counts within a minute or a day. */
type Counted = "secretsPerMinute" | "responsesPerMinute" | "tokensPerDay" | "costPerDay";

/** What a {@linkcode Quotas} is made of. */
export interface QuotasOptions {
  /** The limits. */
  readonly limits: EdgeLimits;
  /** Where is counted, guarded. */
  readonly store: RealtimeStore;
  /** What happens when the store fails. */
  readonly onStoreError: "refuse" | "allow";
  /** Source of time. */
  readonly clock: Clock;
}

/** A counter or a set of places that an event counts in. */
interface Scope {
  readonly key: string;
  readonly max: number;
}

/** What a session costs. */
export interface Spent {
  /** Tokens, input and output added. */
  readonly tokens: number;
  /** US dollars; `NaN` when a price is missing. */
  readonly cost: number | undefined;
}

/** Tells what is wrong with the store, when it fails while no request waits. */
export type Report = (error: unknown) => void;

/** Counts what callers spend, and says no when it is too much. */
export class Quotas {
  readonly #options: QuotasOptions;

  constructor(options: QuotasOptions) {
    this.#options = options;
  }

  /** Whether what a session does has to be followed for them. */
  get boundSpending(): boolean {
    return this.#bounds("responsesPerMinute") || this.#bounds("tokensPerDay") || this.#bounds("costPerDay");
  }

  /** @throws {ProblemError} when the caller may have no client secret. */
  async mint(caller: string | undefined, report: Report): Promise<void> {
    await this.#assertSolvent(caller, report);
    await this.#count("secretsPerMinute", caller, report);
  }

  /**
   * Takes a place for a relay or a call.
   *
   * @param longestMs how long the place stays taken, as long as the session can last; without it the place is renewed.
   * @throws {ProblemError} when there is none, or the caller has spent too much.
   */
  async enter(
    kind: "concurrentRelays" | "concurrentCalls",
    id: string,
    { caller, longestMs, report }: { caller: string | undefined; longestMs: number | undefined; report: Report },
  ): Promise<Place> {
    await this.#assertSolvent(caller, report);
    const { clock, store } = this.#options;
    const ttlMs = longestMs ?? PLACE_MS;
    const place = new Place({ store, clock, id, ttlMs, report, isRenewed: longestMs === undefined });
    for (const { key, max } of this.#scopes(kind, caller)) {
      const hold = await this.#orPolicy(() => place.take(key, max), undefined, report).catch((error) => {
        place.release();
        throw error;
      });
      if (!hold || hold.ok) continue;
      place.release();
      const message = kind === "concurrentRelays" ? "Too many relays are open" : "Too many calls are running";
      throw new ProblemError("concurrency_limit_exceeded", message, { headers: retryAfter(hold.retryMs) });
    }
    return place;
  }

  /** Counts a response; tells whether the caller may have it. Answers at once where the store does. */
  countResponse(caller: string | undefined, report: Report): boolean | Promise<boolean> {
    if (!this.#bounds("responsesPerMinute")) return true;
    return this.#count("responsesPerMinute", caller, report).then(() => true, (error) => {
      if (!(error instanceof ProblemError)) report(error);
      else if (error.code === "store_unavailable") report(error.cause);
      return false;
    });
  }

  /** Counts what was spent; tells whether there is something left. */
  async spend(caller: string | undefined, { cost, tokens }: Spent, report: Report): Promise<boolean> {
    const amounts = [["tokensPerDay", tokens], ["costPerDay", cost ?? 0]] as const;
    let isSolvent = true;
    for (const [kind, amount] of amounts) {
      for (const { key, max } of this.#scopes(kind, caller)) {
        // A partial sum must not pass for the total.
        if (Number.isNaN(amount)) return false;
        const { store } = this.#options;
        try {
          const { value } = await store.add(key, amount, { ttlMs: DAY_MS });
          if (value >= max) isSolvent = false;
        } catch (error) {
          report(error);
          if (this.#options.onStoreError === "refuse") isSolvent = false;
        }
      }
    }
    return isSolvent;
  }

  async #assertSolvent(caller: string | undefined, report: Report): Promise<void> {
    for (const kind of ["tokensPerDay", "costPerDay"] as const) {
      for (const { key, max } of this.#scopes(kind, caller)) {
        const count = await this.#orPolicy(
          () => this.#options.store.add(key, 0, { ttlMs: DAY_MS }),
          undefined,
          report,
        );
        if (!count || count.value < max) continue;
        throw new ProblemError("quota_exceeded", "The quota of a day is used up", {
          headers: retryAfter(count.resetMs),
        });
      }
    }
  }

  async #count(kind: Counted, caller: string | undefined, report: Report): Promise<void> {
    const { store } = this.#options;
    const counted: string[] = [];
    for (const { key, max } of this.#scopes(kind, caller)) {
      const count = await this.#orPolicy(() => store.add(key, 1, { max, ttlMs: MINUTE_MS }), undefined, report);
      if (!count) continue;
      if (count.ok) {
        counted.push(key);
        continue;
      }
      // What is refused does not count.
      for (const key of counted) {
        await this.#orPolicy(() => store.add(key, -1, { ttlMs: MINUTE_MS }), undefined, report);
      }
      throw new ProblemError("rate_limit_exceeded", "Too much within a minute", { headers: retryAfter(count.resetMs) });
    }
  }

  /** Asks the store; when it fails, the host has said what then. */
  async #orPolicy<Result>(
    ask: () => Result | Promise<Result>,
    otherwise: Result,
    report: Report,
  ): Promise<Result> {
    try {
      return await ask();
    } catch (error) {
      if (this.#options.onStoreError === "refuse") {
        const headers = retryAfter(1000);
        throw new ProblemError("store_unavailable", "It cannot be counted now", { headers, cause: error });
      }
      report(error);
      return otherwise;
    }
  }

  #bounds(kind: keyof SpendLimits): boolean {
    const { perCaller, total } = this.#options.limits;
    return (perCaller?.[kind] ?? Infinity) !== Infinity || (total?.[kind] ?? Infinity) !== Infinity;
  }

  #scopes(kind: keyof SpendLimits, caller: string | undefined): readonly Scope[] {
    if (!this.#bounds(kind)) return [];
    const { perCaller, total } = this.#options.limits;
    const who = caller === undefined ? "somebody" : `caller ${caller}`;
    const scopes = [{ key: `${kind} ${who}`, max: perCaller?.[kind] }, { key: `${kind} total`, max: total?.[kind] }];
    return scopes.filter((scope): scope is Scope => scope.max !== undefined && scope.max !== Infinity);
  }
}
