import type { Clock } from "../../_internal/clock.ts";
import type { Endings } from "../_app/endings.ts";
import type { EdgeLimits, SpendLimits } from "../edge_limits.ts";
import { ProblemError, retryAfter } from "../_http/problem_error.ts";
import type { RealtimeStore } from "../realtime_store.ts";
import { freePlace, Place, type PlaceOptions } from "./place.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Time that a place stays taken unless it is renewed, in milliseconds. */
const PLACE_MS = 60_000;

/** Limits per minute or per day. */
type Counted = "secretsPerMinute" | "responsesPerMinute" | "tokensPerDay" | "costPerDay";

/** Options of {@linkcode Quotas}. */
export interface QuotasOptions {
  /** The limits. */
  readonly limits: EdgeLimits;
  /** The guarded store of the counters. */
  readonly store: RealtimeStore;
  /** Handling of a failing store. */
  readonly onStoreError: "refuse" | "allow";
  /** Source of time. */
  readonly clock: Clock;
  /** Work for which the app waits before it is closed. */
  readonly endings: Endings;
}

/** A counter or a set of places to which an event counts. */
interface Scope {
  readonly key: string;
  readonly max: number;
}

/** The usage of a session. */
export interface Spent {
  /** Tokens, input and output combined. */
  readonly tokens: number;
  /** US dollars; `NaN` when a price is missing. */
  readonly cost: number | undefined;
}

/** Reports failures of the store while no request waits. */
export type Report = (error: unknown) => void;

/** Who takes or frees a place, and in which request. */
interface Visitor extends Pick<PlaceOptions, "report" | "waitUntil"> {
  readonly caller: string | undefined;
}

/** Counts the usage of callers, and enforces their limits. */
export class Quotas {
  readonly #options: QuotasOptions;

  constructor(options: QuotasOptions) {
    this.#options = options;
  }

  /** @throws {ProblemError} when the caller has reached the limit of client secrets. */
  async mint(caller: string | undefined, report: Report): Promise<void> {
    await this.#assertSolvent(caller, report);
    await this.#count("secretsPerMinute", caller, report);
  }

  /**
   * Reserves a place for a relay or a call.
   *
   * @param longestMs time that the place stays taken, as long as the session can last; without it the place is renewed.
   * @throws {ProblemError} when there is none, or the caller has reached a limit.
   */
  async enter(
    kind: "concurrentRelays" | "concurrentCalls",
    id: string,
    { caller, longestMs, report, waitUntil }: Visitor & { readonly longestMs: number | undefined },
  ): Promise<Place> {
    await this.#assertSolvent(caller, report);
    const { clock, store } = this.#options;
    const ttlMs = longestMs ?? PLACE_MS;
    const place = new Place({ store, clock, id, ttlMs, report, isRenewed: longestMs === undefined, waitUntil });
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

  /** Releases the place of a call that another process has started. */
  async leaveCall(id: string, { caller, report, waitUntil }: Visitor): Promise<void> {
    const { clock, store } = this.#options;
    const options = { clock, id, report, store, waitUntil };
    await Promise.all(this.#scopes("concurrentCalls", caller).map(({ key }) => freePlace(key, options)));
  }

  /** Counts a response; returns whether it is within the limits. Synchronous where there are none. */
  countResponse(caller: string | undefined, report: Report): boolean | Promise<boolean> {
    if (this.#scopes("responsesPerMinute", caller).length === 0) return true;
    return this.#count("responsesPerMinute", caller, report).then(() => true, (error) => {
      if (!(error instanceof ProblemError)) report(error);
      else if (error.code === "store_unavailable") report(error.cause);
      return false;
    });
  }

  /** Counts usage; returns whether the caller is still within the limits. */
  spend(caller: string | undefined, spent: Spent, report: Report): Promise<boolean> {
    return this.#options.endings.add(this.#spend(caller, spent, report));
  }

  async #spend(caller: string | undefined, { cost, tokens }: Spent, report: Report): Promise<boolean> {
    const amounts = [["tokensPerDay", tokens], ["costPerDay", cost ?? 0]] as const;
    let isSolvent = true;
    for (const [kind, amount] of amounts) {
      for (const { key, max } of this.#scopes(kind, caller)) {
        // A partial sum must not be taken for the total.
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
        throw new ProblemError("quota_exceeded", "The daily quota is used up", {
          headers: retryAfter(count.resetMs),
        });
      }
    }
  }

  async #count(kind: Counted, caller: string | undefined, report: Report): Promise<void> {
    const { store } = this.#options;
    const counted: string[] = [];
    try {
      for (const { key, max } of this.#scopes(kind, caller)) {
        const count = await this.#orPolicy(() => store.add(key, 1, { max, ttlMs: MINUTE_MS }), undefined, report);
        if (count?.ok === false) {
          throw new ProblemError("rate_limit_exceeded", "Too many requests within a minute", {
            headers: retryAfter(count.resetMs),
          });
        }
        if (count) counted.push(key);
      }
    } catch (error) {
      // A rejected event does not count.
      for (const key of counted) {
        try {
          await store.add(key, -1, { ttlMs: MINUTE_MS });
        } catch (failure) {
          report(failure);
        }
      }
      throw error;
    }
  }

  /** Queries the store; a failure is handled as the host has configured. */
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
        throw new ProblemError("store_unavailable", "The limits cannot be checked now", { headers, cause: error });
      }
      report(error);
      return otherwise;
    }
  }

  #scopes(kind: keyof SpendLimits, caller: string | undefined): readonly Scope[] {
    const { perCaller, total } = this.#options.limits;
    const who = caller === undefined ? "somebody" : `caller ${caller}`;
    const scopes = [{ key: `${kind} ${who}`, max: perCaller?.[kind] }, { key: `${kind} total`, max: total?.[kind] }];
    return scopes.filter((scope): scope is Scope => scope.max !== undefined && scope.max !== Infinity);
  }
}
