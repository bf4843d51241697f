import { LazySet } from "../../_internal/lazy_collections.ts";
import type { StripSecrets } from "../../_internal/strip_secrets.ts";
import type { Settings } from "../_app/settings.ts";
import type { Emit } from "../_events/emitter.ts";
import type { Place } from "../_quotas/place.ts";
import type { Quotas } from "../_quotas/quotas.ts";
import type { Meter } from "../_quotas/usage_meter.ts";
import { CallView } from "../_view/call_view.ts";
import type { PageView } from "../_view/page_view.ts";
import type { EdgeCall } from "../edge_call.ts";
import type { CallEndReason } from "../edge_event.ts";
import type { CallApi } from "./call_api.ts";
import type { CallListeners } from "./call_listeners.ts";
import { Sideband } from "./sideband.ts";

/** How often it is looked whether a call is idle, as a part of the limit. */
const IDLE_CHECKS = 4;

/** Pauses before it is tried once more to hang up, in milliseconds. */
const RETRY_PAUSES_MS: readonly number[] = [5_000, 15_000, 60_000, 300_000];

/** What a call is made of. */
export interface ActiveCallOptions {
  /** The API that it is a call of. */
  readonly api: CallApi;
  /** What is known of it. */
  readonly call: Pick<EdgeCall, "callId" | "caller" | "kind"> & { readonly session: unknown };
  /** Those who hear of it. */
  readonly listeners: CallListeners;
  /** The options of the app. */
  readonly settings: Settings;
  /** Tells the host. */
  readonly emit: Emit;
  /** Counts what the caller spends. */
  readonly quotas: Quotas;
  /** Its place among the calls at a time. */
  readonly place: Place | undefined;
  /** What a page sees of an event. */
  readonly view: PageView;
  /** Takes the key out of a frame. */
  readonly stripFrame: StripSecrets;
  /** Hangs the call up at the API; one that is over is no error. */
  readonly hangUp: () => Promise<void>;
  /** Called once, when it has ended. */
  readonly onEnd: (reason: CallEndReason) => void;
}

/** Reasons that somebody waits for: they learn when the call could not be hung up, and it goes on. */
const ASKED: ReadonlySet<CallEndReason> = new Set(["hung_up", "host"]);

/** Reasons for which there is nothing to hang up any more. */
const OVER: ReadonlySet<CallEndReason> = new Set(["api", "expired"]);

/** A call that this process has begun, until it knows that it has ended. */
export class ActiveCall {
  readonly #options: ActiveCallOptions;
  readonly #startedMs: number;
  readonly #sidebands = new LazySet<Sideband>();
  /** The sideband whose frames count: several see the same. */
  #heard: Sideband | undefined;
  #watching: Promise<void> | undefined;
  #meter: Meter | undefined;
  #view: CallView | undefined;
  #cancelDuration: (() => void) | undefined;
  #cancelIdle: (() => void) | undefined;
  #lastEventMs: number;
  /** Why it has to end, whether or not it can be hung up at the moment. */
  #decided: CallEndReason | undefined;
  /** The attempt to hang up that is under way. */
  #ending: Promise<void> | undefined;
  #cancelRetry: (() => void) | undefined;
  #endReason: CallEndReason | undefined;
  #failures = 0;

  constructor(options: ActiveCallOptions) {
    const { clock, limits: { maxDurationMs } } = options.settings;
    this.#options = options;
    this.#startedMs = this.#lastEventMs = clock.now();
    if (maxDurationMs === undefined) return;
    this.#cancelDuration = clock.schedule(() => void this.end("max_duration"), maxDurationMs);
  }

  /** Whether it is over. */
  get hasEnded(): boolean {
    return this.#endReason !== undefined;
  }

  /** Why it has ended, or has to; `undefined` for one that goes on, and for one whose page alone wanted that. */
  get ownReason(): CallEndReason | undefined {
    return this.#decided ?? (this.#endReason === "hung_up" ? undefined : this.#endReason);
  }

  /** When it began, by the clock of the app, in milliseconds. */
  get startedMs(): number {
    return this.#startedMs;
  }

  /** How long it can last, in milliseconds. */
  get longestMs(): number {
    return this.#options.api.longestMs;
  }

  /** What its page sees of it. */
  get view(): CallView {
    if (!this.#view) {
      this.#view = new CallView(this.#options.settings.calls.maxKeptEvents);
      if (this.#endReason !== undefined) this.#view.end(this.#endReason);
    }
    return this.#view;
  }

  /** The API, as events name it. */
  get #product(): { readonly product?: "live" } {
    const { product } = this.#options.api;
    return product === undefined ? {} : { product };
  }

  /** Tells the host what failed. */
  get report(): (error: unknown) => void {
    return this.#options.listeners.report;
  }

  /** Makes a sideband: when its connection is lost for good, the call is hung up. `isOwn`: it belongs to the app. */
  addSideband({ isOwn }: { readonly isOwn: boolean }): Sideband {
    const { call: { callId, kind }, emit, listeners: { c }, settings: { calls, clock } } = this.#options;
    const sideband: Sideband = new Sideband({
      clock,
      isOwn,
      reattachMs: calls.reattachMs,
      onFrame: (text) => {
        if (this.#heard === sideband) this.#take(text);
      },
      onChange: () => this.#chooseHeard(),
      onReattached: (gapMs) => emit({ type: "call_reattached", ...this.#product, callId, kind, gapMs }, c),
      onEnd: (end, cause) => {
        this.#sidebands.delete(sideband);
        this.#chooseHeard();
        if (end === "closed" || this.hasEnded) return;
        if (cause !== undefined) this.report(cause);
        void this.end(end);
      },
    });
    this.#sidebands.add(sideband);
    return sideband;
  }

  /** Sees to it that a sideband follows the call: `watch` opens one of the app's, unless there is one. */
  async follow(watch: () => Promise<void>): Promise<void> {
    if ([...this.#sidebands].some(({ isAttached }) => isAttached)) return;
    // Pages that ask at the same time share one.
    await (this.#watching ??= watch().finally(() => this.#watching = undefined));
  }

  /** The app itself follows it from now on. */
  watched(): void {
    const { idleMs } = this.#options.settings.limits;
    if (idleMs !== undefined && !this.#cancelIdle && !this.hasEnded) this.#checkIdle(idleMs);
  }

  /**
   * Ends the call, and resolves when it is hung up; idempotent. Rejects when it cannot be, for those who asked for it; it
   * goes on then, unless it has to end anyway. For everyone else that is reported, and tried again.
   */
  end(reason: CallEndReason): Promise<void> {
    if (this.hasEnded) return Promise.resolve();
    if (ASKED.has(reason)) return this.#ending ??= this.#end(reason);
    this.#decided ??= reason;
    // One that somebody asked for may fail.
    if (this.#ending) return this.#ending.catch(() => this.end(reason));
    const isUrgent = OVER.has(reason) || reason === "shutdown";
    if (this.#cancelRetry && !isUrgent) return Promise.resolve();
    return this.#ending = this.#end(reason);
  }

  async #end(reason: CallEndReason): Promise<void> {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    try {
      // The paid side first.
      if (!OVER.has(reason)) await this.#options.hangUp();
    } catch (error) {
      const isAsked = ASKED.has(reason);
      if (!isAsked) {
        this.report(error);
        this.#failures++;
      }
      if (isAsked || reason !== "shutdown" && this.#failures <= RETRY_PAUSES_MS.length) {
        this.#ending = undefined;
        if (this.#decided !== undefined) this.#tryLater(this.#decided);
        if (isAsked) throw error;
        return;
      }
    }
    this.#release(ASKED.has(reason) ? reason : this.#decided ?? reason);
  }

  #release(reason: CallEndReason): void {
    const { call: { callId, kind }, emit, listeners: { c }, onEnd, place, settings } = this.#options;
    this.#endReason = reason;
    this.#ending = undefined;
    this.#cancelDuration?.();
    this.#cancelIdle?.();
    for (const sideband of this.#sidebands) sideband.close();
    place?.release();
    this.#view?.end(reason);
    onEnd(reason);
    const durationMs = settings.clock.now() - this.#startedMs;
    emit({ type: "call_ended", ...this.#product, callId, kind, reason, durationMs, usage: this.#meter?.total }, c);
  }

  /** Tries once more to hang up, a little later each time. */
  #tryLater(reason: CallEndReason): void {
    const pauseMs = RETRY_PAUSES_MS[Math.max(0, this.#failures - 1)]!;
    this.#cancelRetry = this.#options.settings.clock.schedule(() => {
      this.#cancelRetry = undefined;
      void this.end(reason);
    }, pauseMs);
  }

  /** The sideband that is heard stays the same as long as its connection does. */
  #chooseHeard(): void {
    if (!this.#heard?.isOpen) this.#heard = [...this.#sidebands].find(({ isOpen }) => isOpen);
  }

  /** Takes a frame of the call's session. */
  #take(text: string): void {
    const { api } = this.#options;
    const event = api.read(text);
    if (!event || this.hasEnded) return;
    const { clock, limits: { prices } } = this.#options.settings;
    // A session that checks its connection gets its settings: nobody has done anything then.
    if (event.type !== "session.updated") this.#lastEventMs = clock.now();
    this.#meter ??= api.createMeter(this.#options.call.session, prices);
    const used = this.#meter.take(event);
    if (used) void this.#charge(used);
    const shown = this.#options.view(event);
    if (shown) this.view.show(shown, this.#options.stripFrame);
  }

  async #charge({ cost, isResponse, tokens }: { cost: number | undefined; isResponse: boolean; tokens: number }) {
    const { call: { caller }, quotas } = this.#options;
    const isAllowed = !isResponse || await quotas.countResponse(caller, this.report);
    const isSolvent = await quotas.spend(caller, { tokens, cost }, this.report);
    if (!isAllowed || !isSolvent) await this.end("quota");
  }

  #checkIdle(idleMs: number): void {
    const { clock } = this.#options.settings;
    this.#cancelIdle = clock.schedule(() => {
      if (clock.now() - this.#lastEventMs >= idleMs) return void this.end("idle");
      this.#checkIdle(idleMs);
    }, idleMs / IDLE_CHECKS);
  }
}
