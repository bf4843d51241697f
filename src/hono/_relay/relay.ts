import type { Clock } from "../../_internal/clock.ts";
import { toCloseInfo } from "../../_internal/close_info.ts";
import { randomId } from "../../_internal/ids.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import { isRecord, stringAt, toWireEvent, type WireEvent } from "../../_internal/wire.ts";
import { ConnectionError } from "../../errors.ts";
import { parseServerEvent, safeParseClientEvent, type SessionConfig } from "../../protocol/mod.ts";
import type { Socket } from "../../transport/mod.ts";
import type { Limits } from "../_settings.ts";
import type { RelayedClientEvent, RelayedServerEvent, RelayFilter, RelayRefusal } from "../relay_filter.ts";
import { type Close, towardsApi, towardsPage } from "./close_code.ts";
import type { PageSocket } from "./page_socket.ts";
import { PolicyStart } from "./policy_start.ts";
import { RateLimit } from "./rate_limit.ts";

/** Bursts, as so many times what may pass a second. */
const FRAME_BURST = 2;
const CHARACTER_BURST = 8;

/** What a filter says of an event of the API that the page does not get. */
const HIDDEN: RelayRefusal = { refused: "hidden" };

/** What a relay is made of. */
export interface RelayParts {
  /** Source of time. */
  readonly clock: Clock;
  /** Opens the socket to the API. */
  readonly dial: (signal: AbortSignal) => Promise<Socket>;
  /** What passes. */
  readonly filter: RelayFilter;
  /** Its bounds. */
  readonly limits: Limits;
  /** Is told of what fails. */
  readonly onError: (error: unknown) => void;
  /** The side of the page. */
  readonly page: PageSocket;
  /** Settings of the session, to put in force first. */
  readonly policy: SessionConfig;
  /** How long it may take until they are, in milliseconds. */
  readonly timeoutMs: number;
}

/** One session of a page, whose socket to the API is the server's. */
export class Relay {
  readonly #parts: RelayParts;
  readonly #frames: RateLimit;
  readonly #characters: RateLimit;
  readonly #opening = new AbortController();
  /** What the page has sent before the policy was in force; `undefined` since. */
  #waiting: string[] | undefined = [];
  #waitingCharacters = 0;
  #api: Socket | undefined;
  #ended = false;

  constructor(parts: RelayParts) {
    const { clock, limits: { charactersPerSecond, framesPerSecond } } = parts;
    this.#parts = parts;
    this.#frames = new RateLimit({ perSecond: framesPerSecond, burst: framesPerSecond * FRAME_BURST }, clock);
    this.#characters = new RateLimit(
      { perSecond: charactersPerSecond, burst: charactersPerSecond * CHARACTER_BURST },
      clock,
    );
  }

  /** Opens the session; then everything passes that may. Never rejects: a page that gets no session is closed. */
  async start(): Promise<void> {
    const { clock, onError, timeoutMs } = this.#parts;
    const { signal } = this.#opening;
    try {
      await withTimeout((signal) => this.#open(signal), { what: "open a relay", signal, timeoutMs, clock });
    } catch (error) {
      if (this.#ended) return;
      onError(error);
      this.#complain("upstream_unavailable", "The voice service is not available");
      this.close({ code: 1011, reason: "The voice service is not available" });
    }
  }

  /** Takes a frame of the page. */
  receive(data: unknown): void {
    if (this.#ended) return;
    const length = lengthOf(data);
    if (length > this.#parts.limits.maxFrameCharacters) {
      return this.close({ code: 1009, reason: "The frame is too long" });
    }
    if (!this.#frames.take(1) || !this.#characters.take(length)) {
      return this.close({ code: 1008, reason: "Too much at a time" });
    }
    if (typeof data !== "string") return this.#complain("invalid_event", "A frame must be text");
    if (!this.#waiting) return this.#forward(data);
    this.#waiting.push(data);
    this.#waitingCharacters += length;
    this.#assertBounded(this.#waitingCharacters);
  }

  /** Ends both sides; idempotent. */
  close(close: Close): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#waiting = undefined;
    this.#opening.abort();
    const page = towardsPage(close);
    const api = towardsApi(close);
    this.#parts.page.close(page.code, page.reason);
    this.#api?.close(api.code, api.reason);
  }

  async #open(signal: AbortSignal): Promise<void> {
    const api = await this.#parts.dial(signal);
    if (signal.aborted) api.close(1000);
    signal.throwIfAborted();
    this.#api = api;
    await this.#putPolicyInForce(api);
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const frame of waiting) this.#forward(frame);
  }

  #putPolicyInForce(api: Socket): Promise<void> {
    const start = new PolicyStart(this.#parts.policy);
    const { promise, reject, resolve } = Promise.withResolvers<void>();
    let isInForce = false;
    const begin = (frame: string) => {
      const first = start.take(parseServerEvent(frame));
      if (!first) return;
      isInForce = true;
      for (const event of first) this.#show(event);
      resolve();
    };
    api.listen({
      message: (data) => {
        const frame = typeof data === "string" ? data : new TextDecoder().decode(data);
        if (isInForce) return this.#show(toWireEvent(parseServerEvent(frame)), frame);
        try {
          begin(frame);
        } catch (error) {
          reject(error);
        }
      },
      close: (close) => {
        if (isInForce) return this.close(close);
        const message = "Cannot open a relay as the API ended the session before the policy was in force";
        reject(new ConnectionError(message, { kind: "closed", close: toCloseInfo(close, false) }));
      },
    });
    api.send(start.frame);
    return promise;
  }

  /** Lets the page see an event of the API; `frame` is how it came. */
  #show(event: RelayedServerEvent | undefined, frame?: string): void {
    if (this.#ended || !event) return;
    const shown = this.#try(() => asVerdict(this.#parts.filter.fromServer(event) ?? HIDDEN));
    if (!shown || !("type" in shown)) return;
    this.#tellPage(shown === event && frame !== undefined ? frame : JSON.stringify(shown));
  }

  /** Hands on a frame of the page. */
  #forward(frame: string): void {
    if (this.#ended || !this.#api) return;
    const result = safeParseClientEvent(frame);
    const event = result.ok ? result.event : toEvent(result.raw);
    if (!event) return this.#complain("invalid_json", "A frame must be an event in JSON");
    const issues = result.ok ? [] : result.issues;
    const verdict = this.#try(() => asVerdict(this.#parts.filter.fromClient(event, issues)));
    if (!verdict) return;
    if (!("type" in verdict)) return this.#complain("relay_refused", verdict.refused, { param: verdict.param, event });
    // Not the frame itself, in which another parser could find another event: the first of two fields of one name.
    this.#api.send(JSON.stringify(verdict));
    this.#assertBounded(this.#api.bufferedAmount);
  }

  /** Asks a filter. One that fails lets nothing pass any more. */
  #try<Verdict>(ask: () => Verdict): Verdict | undefined {
    try {
      return ask();
    } catch (error) {
      this.#parts.onError(error);
      this.close({ code: 1011, reason: "The relay failed" });
      return undefined;
    }
  }

  /** WebSockets cannot pause: a side that is too slow is let go. */
  #assertBounded(bufferedBytes: number): void {
    if (bufferedBytes <= this.#parts.limits.maxBufferedBytes) return;
    this.close({ code: 1013, reason: "Too much is waiting" });
  }

  /** Tells the page that something of it did not go on, as the API would. */
  #complain(
    code: string,
    message: string,
    about: { param?: string | undefined; event?: RelayedClientEvent } = {},
  ): void {
    const { event, param = null } = about;
    const event_id = stringAt(event, "event_id") ?? null;
    const error = { type: "invalid_request_error", code, message, param, event_id };
    this.#tellPage(JSON.stringify({ type: "error", event_id: randomId("event"), error }));
  }

  #tellPage(frame: string): void {
    const { page } = this.#parts;
    page.send(frame);
    this.#assertBounded(page.bufferedAmount);
  }
}

/** Characters of a frame, or its bytes when it is not text. */
function lengthOf(data: unknown): number {
  if (typeof data === "string") return data.length;
  return data instanceof Blob ? data.size : (data as ArrayBuffer).byteLength;
}

/** @throws {TypeError} when a filter gives something else than it should, such as a promise. */
function asVerdict<Verdict extends object>(verdict: Verdict): Verdict {
  if (["type", "refused"].some((name) => stringAt(verdict, name) !== undefined)) return verdict;
  throw new TypeError("Cannot relay an event as the filter gave neither an event nor a refusal");
}

/** An event that is not as the protocol wants it, as far as it is one. */
function toEvent(raw: unknown): WireEvent | undefined {
  return isRecord(raw) && typeof raw.type === "string" ? raw as unknown as WireEvent : undefined;
}
