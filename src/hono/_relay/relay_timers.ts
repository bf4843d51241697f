import type { Clock } from "../../_internal/clock.ts";
import type { PageSocket } from "./page_socket.ts";

/** Options of {@linkcode RelayTimers}. */
export interface RelayTimersOptions {
  /** Source of time. */
  readonly clock: Clock;
  /** Time that a page may be silent, in milliseconds. */
  readonly idleMs: number;
  /** Maximum duration of the relay, in milliseconds. */
  readonly maxDurationMs: number | undefined;
  /** Interval of the checks whether the page is connected, in milliseconds. */
  readonly heartbeatMs: number;
  /** Whether the page answers `relay.ping`. */
  readonly answersPings: boolean;
  /** The page's current socket, if there is one. */
  readonly page: () => PageSocket | undefined;
  /** Sends `relay.ping`. */
  readonly sendPing: () => void;
  /** Called when the page has been silent for too long. */
  readonly onIdle: () => void;
  /** Called when the relay has reached its maximum duration. */
  readonly onMaxDuration: () => void;
  /** Called when the page does not respond. */
  readonly onGone: () => void;
}

/** The timers of a relay: its duration, the silence of its page, and the heartbeat. */
export class RelayTimers {
  readonly #options: RelayTimersOptions;
  readonly #cancels = new Map<string, () => void>();
  #heardMs: number;
  #lifeMs: number;

  constructor(options: RelayTimersOptions) {
    const { clock, maxDurationMs, onMaxDuration } = options;
    this.#options = options;
    this.#heardMs = this.#lifeMs = clock.now();
    if (maxDurationMs !== undefined) this.#schedule("max", onMaxDuration, maxDurationMs);
    this.#watchIdle(options.idleMs);
    this.#watchLife();
  }

  /** Records an event of the page. */
  heard(): void {
    this.#heardMs = this.#options.clock.now();
  }

  /** Records a sign of life of the page, which may only answer a ping. */
  alive(): void {
    this.#lifeMs = this.#options.clock.now();
  }

  /** Records that the page has reconnected. */
  returned(): void {
    this.heard();
    this.alive();
    this.#watchLife();
  }

  /** Stops all timers. */
  stop(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }

  #schedule(name: string, callback: () => void, delayMs: number): void {
    this.#cancels.get(name)?.();
    this.#cancels.set(name, this.#options.clock.schedule(callback, delayMs));
  }

  #watchIdle(delayMs: number): void {
    const { clock, idleMs, onIdle } = this.#options;
    this.#schedule("idle", () => {
      const leftMs = this.#heardMs + idleMs - clock.now();
      if (leftMs <= 0) onIdle();
      else this.#watchIdle(leftMs);
    }, delayMs);
  }

  #watchLife(): void {
    const { answersPings, clock, heartbeatMs, onGone, page, sendPing } = this.#options;
    const socket = page();
    if (!socket || !(socket.ping || answersPings)) return;
    this.#schedule("life", () => {
      if (clock.now() - this.#lifeMs >= 2 * heartbeatMs) return onGone();
      // The page itself notices by an event that it is connected: browsers hide the socket's own pings.
      if (answersPings) sendPing();
      else socket.ping?.(() => this.alive());
      this.#watchLife();
    }, heartbeatMs);
  }
}
