// This module is browser compatible.
import { ConnectionError, RealtimeApiError } from "../errors.ts";
import type { LifeWatch } from "./life_watch.ts";
import type { Recoverable, RecoveryHost } from "./recoverable.ts";

/** Interval of the checks, in milliseconds. */
const TICK_MS = 10_000;

/** Silence after which the server is pinged where the runtime supports it, in milliseconds. */
const PING_AFTER_MS = 10_000;

/** Silence after which the server is probed, in milliseconds. */
const PROBE_AFTER_MS = 30_000;

/** Time that the server has to answer the probe, in milliseconds. */
const PROBE_MS = 10_000;

/** Callbacks of a line watch. */
export interface LineWatchOptions {
  /** The life of the session, which passes while the machine sleeps, too. */
  readonly life: Pick<LifeWatch, "leftMs">;
  /** Called every 10 seconds while the session has a connection. */
  onTick(): void;
  /** Called when the connection is dead although neither side has closed it, since about `silentMs` milliseconds. */
  onDead(error: ConnectionError, silentMs: number): void;
}

/**
 * Detects dead lines: a radio that is switched off, or a machine that sleeps, closes nothing. After 30 seconds without
 * an event, the server is sent an update that changes nothing; a server that does not answer within 10 seconds is
 * considered dead. Where the runtime can send pings, a ping is sent after 10 seconds, and an update only when no pong
 * arrives.
 */
export class LineWatch<Out, In extends { readonly type: string }> {
  /** Stops watching. */
  stop: () => void = () => {};
  readonly #host: RecoveryHost<Out, In>;
  readonly #line: Pick<Recoverable<Out, In>, "probe" | "onAlive">;
  readonly #options: LineWatchOptions;
  /**
   * Time from the check after the last event to the last check, in milliseconds; infinite from the start of a probe
   * until the next event.
   */
  #silenceMs = -TICK_MS;
  #probing: Promise<void> | undefined;

  constructor(
    host: RecoveryHost<Out, In>,
    line: Pick<Recoverable<Out, In>, "probe" | "onAlive">,
    options: LineWatchOptions,
  ) {
    this.#host = host;
    this.#line = line;
    this.#options = options;
    this.#schedule();
  }

  /** Records that something has arrived. Reading the clock would take longer than most handlers of an event. */
  reset(): void {
    this.#silenceMs = -TICK_MS;
    this.#line.onAlive?.();
  }

  /** Probes the server; resolves when the line is known to be alive, or was abandoned. */
  async check(): Promise<void> {
    if (!this.#host.generations.connection.isOpen) return;
    await (this.#probing ??= this.#probe().finally(() => this.#probing = undefined));
  }

  #schedule(): void {
    const { clock, generations } = this.#host;
    const { life } = this.#options;
    const { leftMs } = life;
    this.stop = clock.schedule(() => {
      // More than the interval has passed if the machine has slept. A timer may be a little early, a wall clock may be
      // set, and another life may have begun.
      this.#silenceMs += Math.max(TICK_MS, leftMs - life.leftMs);
      this.#schedule();
      if (!generations.connection.isOpen) return;
      if (this.#silenceMs >= PING_AFTER_MS) generations.connection.transport.ping?.(() => this.reset());
      if (this.#silenceMs >= PROBE_AFTER_MS) void this.check();
      this.#options.onTick();
    }, TICK_MS);
  }

  async #probe(): Promise<void> {
    const { generations } = this.#host;
    const { connection } = generations;
    const silentMs = Math.max(0, this.#silenceMs) + PROBE_MS;
    this.#silenceMs = Infinity;
    try {
      await this.#line.probe(PROBE_MS);
    } catch (error) {
      const isAlive = error instanceof RealtimeApiError || error instanceof ConnectionError ||
        this.#silenceMs < Infinity;
      if (isAlive || generations.connection !== connection) return;
      const { url } = connection.transport;
      const close = { code: 1006, reason: "", clean: false };
      const message = `The connection to ${url} is dead as the server did not answer within ${PROBE_MS} ms`;
      this.#options.onDead(new ConnectionError(message, { kind: "closed", url, close, cause: error }), silentMs);
    }
  }
}
