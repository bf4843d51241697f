import type { Clock } from "../../_internal/clock.ts";
import type { PageSocket } from "./page_socket.ts";

/** What a {@linkcode RelayTimers} is made of. */
export interface RelayTimersOptions {
  /** Source of time. */
  readonly clock: Clock;
  /** How long a page may be silent, in milliseconds. */
  readonly idleMs: number;
  /** How long the relay may last, in milliseconds. */
  readonly maxDurationMs: number | undefined;
  /** How often the page is looked after, in milliseconds. */
  readonly heartbeatMs: number;
  /** Whether the page answers `relay.ping`. */
  readonly answersPings: boolean;
  /** The page's socket, when there is one. */
  readonly page: () => PageSocket | undefined;
  /** Sends `relay.ping`. */
  readonly sendPing: () => void;
  /** The page has been silent for too long. */
  readonly onIdle: () => void;
  /** The time of the relay is out. */
  readonly onMaxDuration: () => void;
  /** The page gives no sign of life. */
  readonly onGone: () => void;
}

/** The times of a relay: how long it lasts, how long its page is silent, and whether that is still there. */
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

  /** The page has sent a frame. */
  heard(): void {
    this.#heardMs = this.#lifeMs = this.#options.clock.now();
  }

  /** The page has come back. */
  returned(): void {
    this.heard();
    this.#watchLife();
  }

  /** Nothing is waited for any more. */
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
      if (socket.ping) socket.ping(() => this.#lifeMs = clock.now());
      else sendPing();
      this.#watchLife();
    }, heartbeatMs);
  }
}
