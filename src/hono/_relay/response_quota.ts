import { stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { Spent } from "../_quotas/quotas.ts";
import type { Meter } from "../_quotas/usage_meter.ts";

/** The quota of a caller. */
export interface SpendingQuota {
  /** Counts a response; returns whether it is within the limits. */
  countResponse(): boolean | Promise<boolean>;
  /** Counts usage; returns whether the caller is still within the limits. */
  spend(spent: Spent): Promise<boolean>;
}

/** Options of a {@linkcode ResponseQuota}. */
export interface ResponseQuotaOptions {
  /** Meters the session. */
  readonly meter: Meter;
  /** The quota of the caller. */
  readonly quota: SpendingQuota;
  /** Cancels a response beyond the limit. */
  readonly cancel: (responseId: string | undefined) => void;
  /** Ends the session, as it exceeds the quota. */
  readonly exceeded: () => void;
}

/**
 * Limits the responses of a relay: those requested by its page, before they are sent, and those started by the server,
 * as soon as they begin.
 */
export class ResponseQuota {
  readonly #options: ResponseQuotaOptions;
  /** Responses that were counted when they were requested, and have not begun. */
  #expected = 0;

  constructor(options: ResponseQuotaOptions) {
    this.#options = options;
  }

  /** Whether the page may request a response. */
  ask(): boolean | Promise<boolean> {
    const settle = (isAllowed: boolean) => {
      if (isAllowed) this.#expected++;
      return isAllowed;
    };
    const isAllowed = this.#options.quota.countResponse();
    return typeof isAllowed === "boolean" ? settle(isAllowed) : isAllowed.then(settle);
  }

  /** Processes an event of the API. */
  take(event: WireEvent): void {
    // A rejected response does not begin.
    if (stringAt(event, "error", "code") === "conversation_already_has_active_response") this.#forgetExpected();
    const used = this.#options.meter.take(event);
    if (!used) return;
    if (used.isResponse && !this.#forgetExpected()) void this.#count(stringAt(event, "response", "id"));
    if (used.tokens > 0 || (used.cost ?? 0) !== 0) void this.#spend(used);
  }

  #forgetExpected(): boolean {
    if (this.#expected === 0) return false;
    this.#expected--;
    return true;
  }

  async #count(responseId: string | undefined): Promise<void> {
    if (!await this.#options.quota.countResponse()) this.#options.cancel(responseId);
  }

  async #spend(spent: Spent): Promise<void> {
    if (!await this.#options.quota.spend(spent)) this.#options.exceeded();
  }
}
