import { stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { Spent } from "../_quotas/quotas.ts";
import type { Meter } from "../_quotas/usage_meter.ts";

/** What a caller may spend. */
export interface SpendingQuota {
  /** Counts a response; tells whether the caller may have it. */
  countResponse(): boolean | Promise<boolean>;
  /** Counts what was spent; tells whether there is something left. */
  spend(spent: Spent): Promise<boolean>;
}

/** What a {@linkcode ResponseQuota} is made of. */
export interface ResponseQuotaOptions {
  /** Counts what the session uses. */
  readonly meter: Meter;
  /** What the caller may spend. */
  readonly quota: SpendingQuota;
  /** Cancels a response that is one too many. */
  readonly cancel: (responseId: string | undefined) => void;
  /** Ends what costs too much. */
  readonly exceeded: () => void;
}

/**
 * Bounds the responses of a relay: those that its page asks for, before they are, and those that begin by themselves, as
 * soon as they do.
 */
export class ResponseQuota {
  readonly #options: ResponseQuotaOptions;
  /** Responses that were counted when they were asked for, and have not begun. */
  #expected = 0;

  constructor(options: ResponseQuotaOptions) {
    this.#options = options;
  }

  /** Whether the page may ask for a response. */
  ask(): boolean | Promise<boolean> {
    const settle = (isAllowed: boolean) => {
      if (isAllowed) this.#expected++;
      return isAllowed;
    };
    const isAllowed = this.#options.quota.countResponse();
    return typeof isAllowed === "boolean" ? settle(isAllowed) : isAllowed.then(settle);
  }

  /** Takes an event of the API. */
  take(event: WireEvent): void {
    // A response that was refused does not begin.
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
