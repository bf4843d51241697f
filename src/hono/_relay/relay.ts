import { randomId } from "../../_internal/ids.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import { stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { Socket } from "../../transport/mod.ts";
import type { RelayEndReason, RelayHandle } from "../edge_event.ts";
import type { RelayedServerEvent } from "../relay_filter.ts";
import { type Close, towardsApi, towardsPage } from "./close_code.ts";
import { lengthOf } from "./client_frames.ts";
import { PageErrors } from "./page_errors.ts";
import { PageLink } from "./page_link.ts";
import { asVerdict, HIDDEN, readyEvent } from "./own_events.ts";
import type { PageSocket } from "./page_socket.ts";
import { putInForce } from "./policy_start.ts";
import type { RelayParts } from "./relay_parts.ts";
import type { ComplaintAbout } from "./relay_protocol.ts";
import { FloodGuard } from "./flood_guard.ts";
import { RelayTimers } from "./relay_timers.ts";
import { RelayTools } from "./relay_tools.ts";
import { ResponseQuota } from "./response_quota.ts";

/** One session of a page over the server's connection to the API. */
export class Relay {
  /** Token with which a page reconnects. */
  readonly resumeToken = randomId("resume");
  /** The host's view of the relay. */
  readonly handle: RelayHandle;
  readonly #parts: RelayParts;
  readonly #guard: FloodGuard;
  readonly #link: PageLink;
  readonly #errors = new PageErrors();
  readonly #tools: RelayTools;
  readonly #quota: ResponseQuota;
  readonly #timers: RelayTimers;
  readonly #opening = new AbortController();
  readonly #startedMs: number;
  /** Frames of the page that cannot be forwarded yet; `undefined` when they can. */
  #waiting: string[] | undefined = [];
  #waitingCharacters = 0;
  #api: Socket | undefined;
  #cancelReturn: (() => void) | undefined;
  #hasStarted = false;
  #ended = false;

  constructor(parts: RelayParts) {
    const { approve, caller, clock, limits, meter, page, quota, times } = parts;
    this.#parts = parts;
    this.#startedMs = clock.now();
    this.#guard = new FloodGuard(limits, clock);
    this.#link = new PageLink(page, times.resumeMs > 0 ? limits.maxBufferedBytes : 0);
    const close = (code: number, reason: string, why: RelayEndReason) => this.close({ code, reason }, why);
    this.handle = {
      id: randomId("relay"),
      caller,
      close: (reason = "The server has ended the session") => close(1000, reason, "host"),
      inject: (event) => this.#inject({ ...event, event_id: event.event_id ?? randomId("event") }),
    };
    this.#tools = new RelayTools({
      ...parts,
      approve: approve && ((call, { signal }) => approve(call, { signal, relay: this.handle })),
      send: (event) => this.#inject(event),
      close: () => close(1000, "The session has ended", "host"),
    });
    this.#quota = new ResponseQuota({
      meter,
      quota,
      cancel: (responseId) => {
        const cancel = parts.protocol.cancel?.(responseId);
        if (!cancel) return close(1008, "Too many responses within a minute", "quota");
        this.#inject(cancel);
        this.#complain("rate_limit_exceeded", "Too many responses within a minute");
      },
      exceeded: () => close(1008, "The quota is used up", "quota"),
    });
    this.#timers = new RelayTimers({
      ...times,
      clock,
      answersPings: parts.answersPings,
      page: () => this.#link.page,
      sendPing: () => this.#tell({ type: "relay.ping", event_id: randomId("event") }),
      onIdle: () => close(1000, "The session was idle", "idle"),
      onMaxDuration: () => close(1000, "The session has reached its maximum duration", "max_duration"),
      onGone: () => this.#pageIsSilent(),
    });
  }

  /** Whether a page may reconnect to it. */
  get isResumable(): boolean {
    return !this.#ended && this.#parts.times.resumeMs > 0;
  }

  /** Opens the session; then all permitted events pass. Never rejects: a page without a session is closed. */
  async start(): Promise<void> {
    const { clock, onError, onStart, times: { timeoutMs } } = this.#parts;
    const { signal } = this.#opening;
    try {
      await withTimeout((signal) => this.#open(signal), { what: "open a relay", signal, timeoutMs, clock });
      if (this.#ended) return;
      this.#hasStarted = true;
      onStart(this.handle);
    } catch (error) {
      if (this.#ended) return;
      onError(error);
      this.#complain("upstream_unavailable", "The voice service is not available");
      this.close({ code: 1011, reason: "The voice service is not available" }, "failed");
    }
  }

  /** Processes a frame of the page, from its current socket. */
  receive(data: unknown, page: PageSocket): void {
    if (this.#ended || page !== this.#link.page) return;
    this.#timers.alive();
    const length = lengthOf(data);
    const flood = this.#guard.take(length);
    if (flood) return this.close(flood, "flood");
    if (typeof data !== "string") return this.#complain("invalid_event", "A frame must be text");
    if (!this.#waiting) return this.#forward(data);
    this.#waiting.push(data);
    this.#waitingCharacters += length;
    this.#assertBounded(this.#waitingCharacters);
  }

  /** Processes the end of a page's socket. A broken connection may be resumed, if that is enabled. */
  pageEnded(close: Close, page: PageSocket): void {
    if (this.#ended || page !== this.#link.page) return;
    const { clock, times: { resumeMs } } = this.#parts;
    if (close.code === 1000 || resumeMs === 0 || !this.#hasStarted) return this.close(close, "page");
    this.#link.detach();
    this.#cancelReturn = clock.schedule(() => this.close(close, "page"), resumeMs);
  }

  /** Continues with a page that has reconnected, and has received everything up to an event. */
  resume(page: PageSocket, lastEventId: string | undefined): void {
    if (this.#ended) return page.close(1011, "The session has ended");
    this.#cancelReturn?.();
    const greet = (isMissing: boolean) => JSON.stringify(this.#ready("relay.resumed", { missed: isMissing }));
    this.#link.attach(page, greet, lastEventId);
    this.#timers.returned();
    this.#assertBounded(this.#link.bufferedAmount);
  }

  /** Closes both sides, first that of the API, which is billed. Idempotent. */
  close(close: Close, reason: RelayEndReason): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#waiting = undefined;
    const page = towardsPage(close);
    const api = towardsApi(close);
    this.#attempt(() => this.#opening.abort());
    this.#attempt(() => this.#api?.close(api.code, this.#parts.strip(api.reason)));
    this.#attempt(() => this.#tools.close());
    this.#attempt(() => this.#timers.stop());
    this.#attempt(() => this.#cancelReturn?.());
    this.#attempt(() => this.#link.page?.close(page.code, this.#parts.strip(page.reason)));
    const { clock, meter, onEnd } = this.#parts;
    const durationMs = clock.now() - this.#startedMs;
    onEnd({ reason, code: page.code, durationMs, usage: meter.total, hasStarted: this.#hasStarted });
  }

  /** A failure while ending must not keep the rest from ending. */
  #attempt(act: () => void): void {
    try {
      this.#parts.inOwnRequest(act);
    } catch (error) {
      this.#parts.onError(error);
    }
  }

  async #open(signal: AbortSignal): Promise<void> {
    const api = await this.#parts.dial(signal);
    if (signal.aborted) api.close(1000);
    signal.throwIfAborted();
    this.#api = api;
    const start = this.#parts.startOf(this.#tools);
    this.#errors.fromServer(start.eventId);
    await putInForce(start, api, {
      show: (event, frame) => this.#show(event, frame),
      close: (close) => this.close(close, "api"),
      letPageStart: () => this.#flush(),
    });
    const { answersPings, times: { resumeMs } } = this.#parts;
    if (resumeMs > 0 || answersPings) this.#tell(this.#ready("relay.ready"));
    this.#flush();
  }

  /** Forwards an event of the API to the page; `frame` is its original form. */
  #show(event: RelayedServerEvent | WireEvent | undefined, frame?: string): void {
    if (this.#ended || !event) return;
    this.#quota.take(event as WireEvent);
    const seen = this.#tools.see(event as WireEvent);
    const own = seen?.type === "error" ? this.#errors.view(seen) : seen;
    if (this.#ended || !own) return;
    const shown = this.#try(() => asVerdict(this.#parts.filter.fromServer(own as RelayedServerEvent) ?? HIDDEN));
    if (!shown || !("type" in shown)) return;
    const original = (shown as unknown) === event ? frame : undefined;
    this.#tellPage(original ?? JSON.stringify(shown), stringAt(shown, "event_id"));
  }

  /** Forwards a frame of the page. */
  #forward(frame: string): void {
    if (this.#ended || !this.#api) return;
    const read = this.#parts.frames.read(frame);
    if (!read) return this.#complain("invalid_json", "A frame must be an event in JSON");
    const { event, issues } = read;
    // The page's answer to a ping.
    if (event.type === "relay.pong") return;
    this.#timers.heard();
    const verdict = this.#try(() => asVerdict(this.#parts.filter.fromClient(event, issues)));
    if (!verdict) return;
    const refusal = "type" in verdict ? this.#tools.refuses(verdict as unknown as WireEvent) : verdict;
    if (refusal) return this.#complain("relay_refused", refusal.refused, { param: refusal.param, event });
    // Not the frame itself, in which another parser could find another event: the first of two fields with the same
    // name.
    const send = () => {
      this.#tools.sent(verdict as unknown as WireEvent);
      this.#api?.send(JSON.stringify(verdict));
      this.#assertBounded(this.#api?.bufferedAmount ?? 0);
    };
    if (event.type !== "response.create") return send();
    const settle = (isAllowed: boolean) => {
      if (isAllowed) return send();
      this.#complain("rate_limit_exceeded", "Too many responses within a minute", { event });
    };
    const isAllowed = this.#quota.ask();
    if (typeof isAllowed === "boolean") return settle(isAllowed);
    // Later frames wait, so that the order is kept.
    this.#waiting = [];
    void isAllowed.then((isAllowed) => {
      if (this.#ended) return;
      settle(isAllowed);
      this.#flush();
    });
  }

  #flush(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const [index, frame] of waiting.entries()) {
      this.#waitingCharacters -= frame.length;
      this.#forward(frame);
      const stopped = this.#waiting as string[] | undefined;
      if (stopped) return void stopped.push(...waiting.slice(index + 1));
    }
  }

  #inject(event: { readonly type: string; readonly event_id: string }): void {
    const frame = this.#parts.protocol.write(event);
    if (this.#ended || !this.#api) return;
    this.#errors.fromServer(event.event_id);
    this.#tools.injected(event);
    this.#parts.inOwnRequest(() => this.#api?.send(frame));
  }

  #pageIsSilent(): void {
    const { page } = this.#link;
    if (page) this.pageEnded({ code: 1001, reason: "The page does not respond" }, page);
    page?.terminate();
  }

  /** Calls a filter. After a failure nothing passes any more. */
  #try<Verdict>(ask: () => Verdict): Verdict | undefined {
    try {
      return ask();
    } catch (error) {
      this.#parts.onError(error);
      this.close({ code: 1011, reason: "The relay failed" }, "failed");
      return undefined;
    }
  }

  /** WebSockets cannot pause: a side that is too slow is closed. */
  #assertBounded(bufferedBytes: number): void {
    if (bufferedBytes <= this.#parts.limits.maxBufferedBytes) return;
    this.close({ code: 1013, reason: "Too much data is waiting" }, "flood");
  }

  #ready(type: "relay.ready" | "relay.resumed", more: { readonly missed?: boolean } = {}): WireEvent {
    return readyEvent(type, { id: this.handle.id, parts: this.#parts, resumeToken: this.resumeToken, more });
  }

  #complain(code: string, message: string, about: ComplaintAbout = {}): void {
    this.#tell(this.#parts.protocol.complain(code, message, about));
  }

  #tell(event: WireEvent): void {
    this.#tellPage(JSON.stringify(event), stringAt(event, "event_id"));
  }

  #tellPage(frame: string, eventId: string | undefined): void {
    if (this.#ended) return;
    try {
      this.#link.send(this.#parts.strip(frame), eventId);
    } catch (error) {
      // It fails the opening.
      if (!this.#hasStarted) throw error;
      this.#parts.onError(error);
      return this.close({ code: 1011, reason: "The relay failed" }, "failed");
    }
    this.#assertBounded(this.#link.bufferedAmount);
  }
}
