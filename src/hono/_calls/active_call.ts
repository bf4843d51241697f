import type { StripSecrets } from "../../_internal/strip_secrets.ts";
import type { SocketEnd } from "../../transport/mod.ts";
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
import type { Tap } from "./tap_dial.ts";

/** Code with which the API closes the connections to a call that is over. */
const NORMAL = 1000;

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
  readonly onEnd: () => void;
}

/** A call that this process has begun, until it knows that it has ended. */
export class ActiveCall implements Tap {
  readonly #options: ActiveCallOptions;
  readonly #startedMs: number;
  #meter: Meter | undefined;
  #view: CallView | undefined;
  #cancelDuration: (() => void) | undefined;
  #cancelIdle: (() => void) | undefined;
  #lastEventMs: number;
  #closeWatch: (() => void) | undefined;
  #ending: Promise<void> | undefined;
  #failures = 0;
  #connections = 0;

  constructor(options: ActiveCallOptions) {
    const { clock, limits: { maxDurationMs } } = options.settings;
    this.#options = options;
    this.#startedMs = this.#lastEventMs = clock.now();
    if (maxDurationMs === undefined) return;
    this.#cancelDuration = clock.schedule(() => void this.end("max_duration"), maxDurationMs);
  }

  /** Whether it has ended. */
  get hasEnded(): boolean {
    return this.#ending !== undefined;
  }

  /** Whether this app is attached to it by itself. */
  get isWatched(): boolean {
    return this.#closeWatch !== undefined;
  }

  /** Whether a connection of this process is listened in on. */
  get isAttached(): boolean {
    return this.#connections > 0;
  }

  /** When it began, by the clock of the app, in milliseconds. */
  get startedMs(): number {
    return this.#startedMs;
  }

  /** What its page sees of it. */
  get view(): CallView {
    return this.#view ??= new CallView(this.#options.settings.calls.maxKeptEvents);
  }

  /** From now on this app is attached, and listens by itself; `close` ends the connection. */
  watched(close: () => void): void {
    this.#closeWatch = close;
    if (this.#options.settings.limits.idleMs !== undefined) this.#checkIdle(this.#options.settings.limits.idleMs);
  }

  /** Takes note of a connection to the call. */
  opened(): void {
    this.#connections++;
  }

  /** Takes a frame of the call's session. */
  frame(text: string): void {
    const { api } = this.#options;
    const event = api.read(text);
    if (!event || this.hasEnded) return;
    const { clock, limits: { prices } } = this.#options.settings;
    this.#lastEventMs = clock.now();
    this.#meter ??= api.createMeter(this.#options.call.session, prices);
    const used = this.#meter.take(event);
    if (used) void this.#charge(used);
    const shown = this.#options.view(event);
    if (shown) this.view.show(shown, this.#options.stripFrame);
  }

  /** Takes the end of a connection to the call: the call is over, or out of control, and is hung up then. */
  ended({ code }: SocketEnd, byUs: boolean): void {
    this.#connections--;
    if (byUs) return;
    void this.end(code === NORMAL ? "api" : "sideband_lost");
  }

  /**
   * Ends the call, and resolves when it is hung up; idempotent. Rejects when it cannot be, for those who asked for it; it
   * goes on then. For everyone else that is reported, and tried again.
   */
  end(reason: CallEndReason): Promise<void> {
    return this.#ending ??= this.#end(reason);
  }

  async #end(reason: CallEndReason): Promise<void> {
    const { api: { product }, call: { callId, kind }, emit, hangUp, listeners: { c, report }, onEnd, place, settings } =
      this.#options;
    try {
      // The paid side first.
      if (reason !== "api" && reason !== "expired") await hangUp();
    } catch (error) {
      if (reason === "hung_up" || reason === "host") {
        this.#ending = undefined;
        throw error;
      }
      report(error);
      if (this.#tryLater(reason)) return;
    }
    this.#cancelDuration?.();
    this.#cancelIdle?.();
    this.#closeWatch?.();
    place?.release();
    this.#view?.end(reason);
    onEnd();
    const durationMs = settings.clock.now() - this.#startedMs;
    emit(
      { type: "call_ended", ...product && { product }, callId, kind, reason, durationMs, usage: this.#meter?.total },
      c,
    );
  }

  /** Tries once more to hang up, a little later each time; tells whether it does. */
  #tryLater(reason: CallEndReason): boolean {
    const pauseMs = RETRY_PAUSES_MS[this.#failures++];
    if (reason === "shutdown" || pauseMs === undefined) return false;
    this.#options.settings.clock.schedule(() => this.#ending = this.#end(reason), pauseMs);
    return true;
  }

  async #charge({ cost, isResponse, tokens }: { cost: number | undefined; isResponse: boolean; tokens: number }) {
    const { call: { caller }, listeners: { report }, quotas } = this.#options;
    const isAllowed = !isResponse || await quotas.countResponse(caller, report);
    const isSolvent = await quotas.spend(caller, { tokens, cost }, report);
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
