// This module is browser compatible.
import { withTimeout } from "../../_internal/timeout.ts";
import { ConnectionError } from "../../errors.ts";
import type { Transport } from "../../transport/transport.ts";
import type { RecoveryPartOptions } from "../parts/recovery_options.ts";
import type { RecoveryReport } from "../parts/recovery_events.ts";
import { isRecoverable } from "../parts/recovery_rules.ts";
import type { SessionGenerations } from "../session_generations.ts";
import type { SessionHost } from "../session_part.ts";
import { LifeWatch } from "./life_watch.ts";
import { LineWatch } from "./line_watch.ts";
import { LossLedger } from "./loss_ledger.ts";
import { Opening } from "./opening.ts";
import { pause } from "./pause.ts";
import { replayInto } from "./replay_into.ts";
import { RetryPolicy } from "./retry_policy.ts";

/** How long before the end of a session it is renewed in any case, in milliseconds. */
const DEADLINE_MS = 10_000;

/** How often is looked for a quiet moment, in milliseconds. */
const QUIET_POLL_MS = 100;

/** Replaces the connections of a session: before their end, and after a drop. */
export class Recovery {
  readonly ledger: LossLedger;
  readonly line: LineWatch;
  readonly #host: SessionHost;
  readonly #options: RecoveryPartOptions;
  readonly #life: LifeWatch;
  #closing: AbortController | undefined;
  #isClosed = false;
  #isRenewing = false;

  constructor(host: SessionHost, options: RecoveryPartOptions) {
    const { newSession = !host.isShared, wallNow = Date.now } = options;
    host.generations.startsAnew = newSession;
    this.#host = host;
    this.#options = options;
    this.#life = new LifeWatch(host.clock, wallNow);
    this.#life.start(host.config?.expires_at);
    this.ledger = new LossLedger(wallNow);
    this.line = new LineWatch(host, {
      onTick: () => this.#checkLife(),
      onDead: (error) => {
        const { transport } = host.generations.connection;
        this.#drop(error);
        void transport.close();
      },
    });
  }

  /** Decides about a connection that has ended; whether the session goes on. */
  keep(ended: ConnectionError): boolean {
    const { close, message, url } = ended;
    // The server explains itself, if at all, just before it closes.
    const cause = this.ledger.lastError ?? ended.cause;
    const error = new ConnectionError(message, { kind: "closed", url, close, cause });
    if (close?.clean) return false;
    const goesOn = isRecoverable(error);
    if (goesOn) this.#drop(error);
    else this.#host.emit({ type: "recovery_failed", attempts: 0, cause: error });
    return goesOn;
  }

  /** Ends everything, as the session has ended. */
  close(): void {
    this.line.stop();
    this.#isClosed = true;
    this.#closing?.abort();
  }

  #drop(error: ConnectionError): void {
    this.#generations.suspend(error);
    void this.#recover(error).catch((error) => this.#fail(0, error));
  }

  async #recover(error: unknown): Promise<void> {
    const { clock } = this.#host;
    const startedAt = clock.now();
    const policy = new RetryPolicy(this.#options, startedAt, this.#options.random ?? Math.random);
    for (let attempts = 0;;) {
      const step = policy.next(error, clock.now());
      if (step.type === "give_up") return this.#fail(attempts, error);
      const { attempt, delayMs } = step;
      attempts = attempt;
      this.#host.emit({ type: "reconnecting", attempt, delayMs, cause: error });
      await pause(delayMs, clock, this.#signal);
      if (this.#isClosed) return;
      try {
        const opening = await this.#within((signal) => this.#prepare(signal));
        return await this.#goOn("recovered", opening, startedAt);
      } catch (reason) {
        if (this.#isClosed) return;
        error = reason;
      }
    }
  }

  #fail(attempts: number, cause: unknown): void {
    this.#host.emit({ type: "recovery_failed", attempts, cause });
    this.#generations.abandon(cause);
  }

  get #generations(): SessionGenerations {
    return this.#host.generations;
  }

  get #signal(): AbortSignal {
    // Few sessions need one, and it is heavy.
    this.#closing ??= new AbortController();
    if (this.#isClosed) this.#closing.abort();
    return this.#closing.signal;
  }

  #within<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { timeoutMs = 15_000 } = this.#options;
    return withTimeout(task, { what: "reconnect", signal: this.#signal, timeoutMs, clock: this.#host.clock });
  }

  /** Opens a connection and configures it. */
  async #prepare(signal: AbortSignal): Promise<Opening> {
    const { accepted, makeId } = this.#host;
    const transport = await this.#options.open(signal);
    const opening = new Opening(transport, makeId);
    const hangUp = () => void transport.close();
    signal.addEventListener("abort", hangUp, { once: true });
    try {
      signal.throwIfAborted();
      if (this.#generations.startsAnew) await opening.configure(accepted.value);
      return opening;
    } catch (error) {
      hangUp();
      throw error;
    } finally {
      signal.removeEventListener("abort", hangUp);
    }
  }

  /** Gives a new session the conversation; whoever has opened a call keeps its conversation. */
  async #replay(opening: Opening): Promise<Omit<RecoveryReport, "gapMs">> {
    const { ledger } = this;
    if (!this.#generations.startsAnew) return { restored: [], lost: ledger.takeResponses(), replayedTokens: 0 };
    return await replayInto(opening, this.#host, ledger, this.#options.replay ?? {});
  }

  /** Gives a connection the conversation, and the session the connection. */
  async #goOn(type: "recovered" | "renewed", opening: Opening, startedAt: number): Promise<void> {
    const host = this.#host;
    const { transport } = opening;
    let report: Omit<RecoveryReport, "gapMs">;
    try {
      report = await this.#within((signal) => {
        signal.addEventListener("abort", () => void transport.close(), { once: true });
        return this.#replay(opening);
      });
      opening.release();
    } catch (error) {
      void transport.close();
      throw error;
    }
    if (this.#isClosed) return void transport.close();
    this.#generations.resume({
      transport,
      first: opening.first,
      onOpen: (droppedAudio) => {
        this.#life.start(host.config?.expires_at);
        this.line.reset();
        try {
          this.#options.onOpen?.(transport);
        } catch (error) {
          host.report(error, "recovery.onOpen");
        }
        const lost = [...report.lost, ...this.ledger.audioLoss(droppedAudio, host.config)];
        host.emit({ type, ...report, lost, gapMs: host.clock.now() - startedAt });
      },
    });
  }

  #checkLife(): void {
    const { renewBeforeMs = 300_000 } = this.#options;
    const { leftMs, lifeMs } = this.#life;
    if (this.#isRenewing || !this.#generations.startsAnew || !this.#generations.connection.isOpen) return;
    if (leftMs > Math.min(renewBeforeMs, lifeMs / 2)) return;
    this.#isRenewing = true;
    // The end of the session at 60 minutes is a drop like any other.
    void this.#renew().catch(() => {}).finally(() => this.#isRenewing = false);
  }

  async #renew(): Promise<void> {
    const host = this.#host;
    const { connection } = this.#generations;
    const opening = await this.#within((signal) => this.#prepare(signal));
    const isCurrent = () => this.#generations.connection === connection && connection.isOpen && !this.#isClosed;
    while (isCurrent() && !this.#isQuiet() && this.#life.leftMs > DEADLINE_MS) {
      await pause(QUIET_POLL_MS, host.clock, this.#signal);
    }
    if (!isCurrent()) return void opening.transport.close();
    const old = connection.transport;
    const startedAt = host.clock.now();
    this.#generations.suspend(renewal(old));
    try {
      await this.#goOn("renewed", opening, startedAt);
    } catch (error) {
      if (!this.#isClosed) await this.#recover(error);
    } finally {
      void old.close();
    }
  }

  /** Whether nothing is going on: nobody speaks, nothing is said or heard, nothing waits. */
  #isQuiet(): boolean {
    return this.#generations.connection.isQuiet && this.ledger.isQuiet(this.#host.clock.now());
  }
}

/** The reason for what a renewal ends. */
function renewal({ url }: Transport): ConnectionError {
  return new ConnectionError(`The connection to ${url} was replaced as its session was about to end`, {
    kind: "closed",
    url,
    close: { code: 1000, reason: "renewed", clean: true },
  });
}
