// This module is browser compatible.
import { DEFAULT_CONNECT_TIMEOUT_MS, pauseUnlessAborted, withTimeout } from "../_internal/timeout.ts";
import { toApiError, type WireEvent } from "../_internal/wire.ts";
import { ConnectionError, type RealtimeApiError } from "../errors.ts";
import type { Transport } from "../transport/transport.ts";
import { LifeWatch } from "./life_watch.ts";
import { LineWatch, type LineWatchOptions } from "./line_watch.ts";
import { Opening } from "./opening.ts";
import type { Recoverable, RecoveryHost } from "./recoverable.ts";
import type { RecoveryLoss, RecoveryReport } from "./recovery_events.ts";
import type { ReconnectOptions, ReopenOptions } from "./recovery_options.ts";
import { RetryPolicy } from "./retry_policy.ts";

/** Time before the end of a session at which it is renewed even if it is not quiet, in milliseconds. */
const DEADLINE_MS = 10_000;

/** Least time before the end of a session at which it is renewed, in milliseconds: a renewal takes time, too. */
const LEAST_BEFORE_MS = 30_000;

/** Interval at which a quiet moment is looked for, in milliseconds. */
const QUIET_POLL_MS = 100;

/** Time that a connection must last so that the next drop counts as another outage, in milliseconds. */
const STABLE_MS = 10_000;

/** Replaces the connections of a session: before their end, and after a drop. */
export class Recovery<Out, In extends { readonly type: string }> implements LineWatchOptions {
  readonly life: LifeWatch;
  readonly #host: RecoveryHost<Out, In>;
  readonly #line: Recoverable<Out, In>;
  readonly #options: ReconnectOptions & ReopenOptions<Out, In>;
  readonly #policy: RetryPolicy;
  readonly #watch: LineWatch<Out, In>;
  /** The current attempt to connect, and the pause before it. */
  #attempt: AbortController | undefined;
  #isClosed = false;
  #recoveredAt = -Infinity;
  #isRenewing = false;
  /** The last error of the server, unless it has sent something else since. */
  #lastError: RealtimeApiError | undefined;
  /** Losses that no event has reported yet. */
  readonly #untold: RecoveryLoss[] = [];

  constructor(
    host: RecoveryHost<Out, In>,
    line: Recoverable<Out, In>,
    options: ReconnectOptions & ReopenOptions<Out, In>,
  ) {
    const { clock, generations } = host;
    this.#host = host;
    this.#line = line;
    this.#options = options;
    this.#policy = new RetryPolicy(options, options.random ?? Math.random);
    this.life = new LifeWatch(clock, options.wallNow ?? Date.now);
    this.life.start(line.expiresAt(), clock.now());
    this.#watch = new LineWatch(host, line, this);
    generations.keeper = (ended) => this.#keep(ended);
    generations.check = () => this.#watch.check();
    // Other runtimes have no such event, and would keep the listener of a session that is never closed.
    if ("ononline" in globalThis) globalThis.addEventListener("online", this);
  }

  onDead(error: ConnectionError, silentMs?: number): void {
    if (this.#suspend(error)) void this.#replace(error, silentMs);
    // There is no other connection yet.
    void this.#host.generations.connection.transport.close();
  }

  /** Handles the return of the page's network. */
  handleEvent(): void {
    this.#policy.restart(this.#host.clock.now());
    // An attempt may hang in a network that is gone, and the connection may not have survived, either.
    this.#attempt?.abort(new Error("The page has come online"));
    void this.#watch.check();
  }

  /** Records a received event; `undefined` for a frame that is not an event. */
  receive(event: WireEvent | undefined): void {
    this.#watch.reset();
    if (event) this.#lastError = event.type === "error" ? toApiError(event) : undefined;
  }

  /** Ends everything, as the session has ended. */
  close(): void {
    this.#watch.stop();
    this.#isClosed = true;
    this.#attempt?.abort();
    globalThis.removeEventListener?.("online", this);
  }

  /** Handles a connection that has ended; after a clean end, the session ends with it. */
  #keep(ended: ConnectionError): void {
    if (ended.close?.clean) return;
    // A server that gives a reason does so just before it closes.
    ended.cause = this.#lastError ?? ended.cause;
    this.onDead(ended);
  }

  /** Abandons the connection; returns false for a session that is being closed, which needs no other. */
  #suspend(cause: ConnectionError): boolean {
    const { generations } = this.#host;
    this.#line.onSuspend();
    generations.suspend(cause);
    return generations.state === "reconnecting";
  }

  /**
   * Replaces a connection that was abandoned, after `silentMs` milliseconds without a sign of life, first by `renewal`,
   * which is open already; never rejects.
   */
  async #replace(error: unknown, silentMs = 0, renewal?: Opening<Out, In>): Promise<void> {
    const { clock, generations } = this.#host;
    const old: Transport<Out, In> = generations.connection.transport;
    const now = clock.now();
    const startedAt = now - silentMs;
    const policy = this.#policy;
    policy.begin();
    if (now - this.#recoveredAt >= STABLE_MS) policy.restart(now);
    try {
      for (let opening = renewal; !this.#isClosed; opening = undefined) {
        if (!opening) {
          const delayMs = policy.next(error, clock.now());
          if (delayMs === undefined) throw error;
          this.#host.emit({ type: "reconnecting", attempt: policy.attempt, delayMs, cause: error });
          await pauseUnlessAborted(delayMs, clock, this.#begin());
          if (this.#isClosed) return;
          this.#begin();
        }
        try {
          await this.#goOn(opening ? "renewed" : "recovered", opening ?? await this.#open(), startedAt);
          this.#recoveredAt = clock.now();
          return;
        } catch (reason) {
          error = reason;
        } finally {
          void old.close();
        }
      }
    } catch (cause) {
      this.#host.emit({ type: "recovery_failed", attempts: policy.attempt, cause });
      generations.abandon(cause);
    }
  }

  /** Begins an attempt, or the pause before it; the last one ends. */
  #begin(): AbortSignal {
    this.#attempt?.abort();
    this.#attempt = new AbortController();
    return this.#attempt.signal;
  }

  /** Configures a connection, by default another one, then runs `then`; hangs up when that fails or takes too long. */
  async #prepare<T>(then: (opening: Opening<Out, In>) => T | Promise<T>, opening?: Opening<Out, In>): Promise<T> {
    const { clock, makeId } = this.#host;
    const { open, timeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = this.#options;
    const task = async (signal: AbortSignal) => {
      opening ??= new Opening(await open(signal), makeId, clock.now());
      // It may have come too late.
      if (signal.aborted) void opening.transport.close();
      await this.#line.prepare(opening);
      return await then(opening);
    };
    try {
      return await withTimeout(task, { what: "reconnect", signal: this.#attempt!.signal, timeoutMs, clock });
    } catch (error) {
      void opening?.transport.close();
      throw error;
    }
  }

  /** Opens a connection and configures it. */
  #open(): Promise<Opening<Out, In>> {
    return this.#prepare((opening) => opening);
  }

  /** Restores the state of the session on a connection, and continues the session on it. */
  async #goOn(type: "recovered" | "renewed", opening: Opening<Out, In>, startedAt: number): Promise<void> {
    const [host, line] = [this.#host, this.#line];
    const { generations } = host;
    const { transport } = opening;
    // The configuration may have changed while a renewal waited.
    const { again, ...report } = await this.#prepare(() => line.restore(opening), opening);
    opening.release();
    generations.resume({
      transport,
      first: opening.first,
      again,
      onOpen: (droppedAudio) => {
        this.life.start(line.expiresAt(), opening.openedAt);
        this.#watch.reset();
        line.onOpen?.(transport);
        this.#untold.push(...report.lost, ...line.audioLoss(droppedAudio));
        const { connection } = generations;
        const gapMs = host.clock.now() - startedAt;
        const tell = (more?: Pick<RecoveryReport, "restored" | "lost">) => {
          // The next connection catches up, too.
          if (connection !== generations.connection) return;
          host.emit({ type, ...report, ...more, lost: [...this.#untold.splice(0), ...more?.lost ?? []], gapMs });
        };
        // Without a catch-up, immediately: the events that waited are about to change the conversation.
        void (line.catchUp?.()?.then(tell) ?? tell());
      },
    });
  }

  onTick(): void {
    const { renewBeforeMs = 300_000 } = this.#options;
    const { leftMs, lifeMs } = this.life;
    if (this.#isRenewing || !this.#host.generations.startsAnew) return;
    if (leftMs > Math.min(Math.max(renewBeforeMs, LEAST_BEFORE_MS), lifeMs / 2)) return;
    this.#isRenewing = true;
    // If the renewal fails, the end of the session at 60 minutes is handled as a drop.
    void this.#renew().catch(() => {}).finally(() => this.#isRenewing = false);
  }

  async #renew(): Promise<void> {
    const { clock, generations: { connection } } = this.#host;
    const signal = this.#begin();
    const opening = await this.#open();
    let isGone = false;
    void opening.transport.closed.then(() => isGone = true);
    // The end of the session, and a drop, which leads to another attempt, abort it. The new connection keeps what these
    // functions refer to, which must not be the old one.
    const isCurrent = () => !signal.aborted && !isGone;
    while (isCurrent() && !(connection.isQuiet && this.#line.isQuiet()) && this.life.surelyLeftMs > DEADLINE_MS) {
      await pauseUnlessAborted(QUIET_POLL_MS, clock, signal);
    }
    const ending = renewal(connection.transport.url);
    if (!isCurrent() || !this.#suspend(ending)) return void opening.transport.close();
    await this.#replace(ending, 0, opening);
  }
}

/** The error of operations that a renewal ends. */
function renewal(url: string): ConnectionError {
  return new ConnectionError(`The connection to ${url} was replaced as its session was about to end`, {
    kind: "closed",
    url,
    close: { code: 1000, reason: "renewed", clean: true },
  });
}
