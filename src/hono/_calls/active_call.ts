import { LazySet } from "../../_internal/lazy_collections.ts";
import type { StripSecrets } from "../../_internal/strip_secrets.ts";
import type { Settings } from "../_app/settings.ts";
import type { Emit } from "../_events/emitter.ts";
import type { Place } from "../_quotas/place.ts";
import type { Quotas } from "../_quotas/quotas.ts";
import type { Meter } from "../_quotas/usage_meter.ts";
import { isOfAnotherRequest } from "../_relay/own_request.ts";
import { CallView } from "../_view/call_view.ts";
import type { PageView } from "../_view/page_view.ts";
import type { EdgeCall } from "../edge_call.ts";
import type { CallEndReason } from "../edge_event.ts";
import type { CallApi } from "./call_api.ts";
import type { CallListeners } from "./call_listeners.ts";
import { Sideband } from "./sideband.ts";

/** Number of checks per idle limit of a call. */
const IDLE_CHECKS = 4;

/** Pauses before further attempts to hang up, in milliseconds. */
const RETRY_PAUSES_MS: readonly number[] = [5_000, 15_000, 60_000, 300_000];

/** Options of an {@linkcode ActiveCall}. */
export interface ActiveCallOptions {
  /** The API of the call. */
  readonly api: CallApi;
  /** The known data of the call. */
  readonly call: Pick<EdgeCall, "callId" | "caller" | "kind"> & { readonly session: unknown };
  /** Its listeners. */
  readonly listeners: CallListeners;
  /** The options of the app. */
  readonly settings: Settings;
  /** Emits events to the host. */
  readonly emit: Emit;
  /** Counts what the caller spends. */
  readonly quotas: Quotas;
  /** Its place in the limit of concurrent calls. */
  readonly place: Place | undefined;
  /** Filters events for pages. */
  readonly view: PageView;
  /** Removes the key from a frame. */
  readonly stripFrame: StripSecrets;
  /** Hangs the call up at the API; does not fail if the call is already over. */
  readonly hangUp: () => Promise<void>;
  /**
   * Whether another process has started it, which meters it: it goes on when it can no longer be followed here.
   *
   * @default {false}
   */
  readonly isForeign?: boolean;
  /** Called once, when it has ended. */
  readonly onEnd: (reason: CallEndReason) => void;
}

/** Reasons with a waiting caller, who is notified if the call could not be hung up and continues. */
const ASKED: ReadonlySet<CallEndReason> = new Set(["hung_up", "host"]);

/** Reasons for which the call is already over at the API. */
const OVER: ReadonlySet<CallEndReason> = new Set(["api", "expired"]);

/** A call that this process has started, until it is known to have ended. */
export class ActiveCall {
  readonly #options: ActiveCallOptions;
  readonly #startedMs: number;
  readonly #sidebands = new LazySet<Sideband>();
  /** The sideband whose frames are processed: several receive the same. */
  #heard: Sideband | undefined;
  #watching: Promise<void> | undefined;
  #meter: Meter | undefined;
  #view: CallView | undefined;
  #cancelDuration: (() => void) | undefined;
  #cancelIdle: (() => void) | undefined;
  #lastEventMs: number;
  /** The reason why it has to end, even if it cannot be hung up at the moment. */
  #decided: CallEndReason | undefined;
  /** The current attempt to hang up. */
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

  /** The reason of the app or the API for ending the call; `undefined` while it continues, and if only its page hung up. */
  get ownReason(): CallEndReason | undefined {
    return this.#decided ?? (this.#endReason === "hung_up" ? undefined : this.#endReason);
  }

  /** Start time, by the clock of the app, in milliseconds. */
  get startedMs(): number {
    return this.#startedMs;
  }

  /** Longest possible duration, in milliseconds. */
  get longestMs(): number {
    return this.#options.api.longestMs;
  }

  /** The events for its page. */
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

  /** Reports failures to the host. */
  get report(): (error: unknown) => void {
    return this.#options.listeners.report;
  }

  /**
   * Creates a sideband: when its connection is lost permanently, the call is hung up. `isOwn` means that it belongs to
   * the app.
   */
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

  /** Ensures that a sideband follows the call: `watch` opens one for the app, unless there is one. */
  async follow(watch: () => Promise<void>): Promise<void> {
    if ([...this.#sidebands].some(({ isAttached }) => isAttached)) return;
    // Concurrent requests of pages share one.
    await (this.#watching ??= watch().finally(() => this.#watching = undefined));
  }

  /** Records that the app itself follows it from now on. */
  watched(): void {
    const { idleMs } = this.#options.settings.limits;
    if (idleMs !== undefined && !this.#cancelIdle && !this.hasEnded) this.#checkIdle(idleMs);
  }

  /**
   * Ends the call, and resolves when it is hung up; idempotent. For a reason with a waiting caller, it rejects when the
   * call cannot be hung up, and the call continues unless it has to end anyway. In all other cases the failure is
   * reported, and hanging up is retried.
   */
  end(reason: CallEndReason): Promise<void> {
    if (this.hasEnded) return Promise.resolve();
    if (ASKED.has(reason)) return this.#ending ??= this.#end(reason);
    this.#decided ??= reason;
    // The current attempt may fail.
    const again = () => this.end(reason);
    if (this.#ending) return this.#ending.then(again, again);
    const isUrgent = OVER.has(reason) || reason === "shutdown";
    if (this.#cancelRetry && !isUrgent) return Promise.resolve();
    return this.#ending = this.#end(reason);
  }

  async #end(reason: CallEndReason): Promise<void> {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    try {
      // The billed side first.
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
    const { call: { callId, kind }, emit, isForeign, listeners: { c }, onEnd, place, settings } = this.#options;
    this.#endReason = reason;
    this.#ending = undefined;
    this.#cancelDuration?.();
    this.#cancelIdle?.();
    for (const sideband of this.#sidebands) this.#letGo(sideband);
    place?.release();
    if (isForeign && !OVER.has(reason)) this.#view?.leave();
    else this.#view?.end(reason);
    onEnd(reason);
    const durationMs = settings.clock.now() - this.#startedMs;
    emit({ type: "call_ended", ...this.#product, callId, kind, reason, durationMs, usage: this.#meter?.total }, c);
  }

  #letGo(sideband: Sideband): void {
    try {
      sideband.close();
    } catch (error) {
      // On Workers, another request may end the call: the API then closes the connection, as the call is over.
      if (!isOfAnotherRequest(error)) this.report(error);
    }
  }

  /** Retries hanging up, with increasing delays. */
  #tryLater(reason: CallEndReason): void {
    const pauseMs = RETRY_PAUSES_MS[Math.max(0, this.#failures - 1)]!;
    this.#cancelRetry = this.#options.settings.clock.schedule(() => {
      this.#cancelRetry = undefined;
      void this.end(reason);
    }, pauseMs);
  }

  /** Keeps the current sideband while its connection lasts. */
  #chooseHeard(): void {
    if (!this.#heard?.isOpen) this.#heard = [...this.#sidebands].find(({ isOpen }) => isOpen);
  }

  /** Processes a frame of the call's session. */
  #take(text: string): void {
    const { api, call: { session }, isForeign } = this.#options;
    const event = api.read(text);
    if (!event || this.hasEnded) return;
    const { clock, limits: { prices } } = this.#options.settings;
    // A session that checks its connection receives its settings, without any activity.
    if (event.type !== "session.updated") this.#lastEventMs = clock.now();
    if (!isForeign) {
      this.#meter ??= api.createMeter(session, prices);
      const used = this.#meter.take(event);
      if (used) void this.#charge(used);
    }
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
