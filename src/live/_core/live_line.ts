// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import { randomId } from "../../_internal/ids.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import { toWireEvent } from "../../_internal/wire.ts";
import { Generations } from "../../_recovery/generations.ts";
import { HeldConnection } from "../../_recovery/held_connection.ts";
import { loss } from "../../_recovery/loss.ts";
import type { Recoverable } from "../../_recovery/recoverable.ts";
import { Recovery } from "../../_recovery/recovery.ts";
import type { RecoveryEvent, RecoveryLoss } from "../../_recovery/recovery_events.ts";
import type { ReconnectOptions, ReopenOptions } from "../../_recovery/recovery_options.ts";
import type { CloseInfo, ConnectionError } from "../../errors.ts";
import type { LiveIncomingEvent, LiveOutgoingEvent } from "../../protocol/mod.ts";
import type { SendOptions, Transport } from "../../transport/transport.ts";
import type { LiveLineHost, SurvivingLine } from "./surviving_line.ts";

/** Silence of the backend after an outage, in milliseconds, after which it appears to wait for something that was lost. */
const BACKEND_SILENCE_MS = 2_000;

/** How connections are replaced. */
export type LiveLineOptions = ReconnectOptions & ReopenOptions<LiveOutgoingEvent, LiveIncomingEvent>;

type Connection = HeldConnection<LiveOutgoingEvent, LiveIncomingEvent>;

/** The connections of an observer to a session, one after another. The session continues without them. */
export class LiveLine implements SurvivingLine {
  readonly events: ReadableStream<LiveIncomingEvent>;
  readonly closed: Promise<CloseInfo>;
  readonly #clock: Clock;
  readonly #options: LiveLineOptions;
  readonly #generations: Generations<LiveOutgoingEvent, LiveIncomingEvent, Connection>;
  #events!: ReadableStreamDefaultController<LiveIncomingEvent>;
  #host: LiveLineHost | undefined;
  #recovery: Recovery<LiveOutgoingEvent, LiveIncomingEvent> | undefined;
  #lost: readonly RecoveryLoss[] = [];
  /** Whether an event has reported why there is no more connection. */
  #isTold = false;
  /** Whether the backend's calls were open when the connection ended, and it has sent nothing since. */
  #isInDoubt = false;

  constructor(transport: Transport<LiveOutgoingEvent, LiveIncomingEvent>, clock: Clock, options: LiveLineOptions) {
    this.#clock = clock;
    this.#options = options;
    this.events = new ReadableStream({ start: (controller) => void (this.#events = controller) });
    this.#generations = new Generations(transport, {
      begin: (transport, previous?: Connection) =>
        new HeldConnection(transport, previous === undefined, {
          sent: ({ type }) => {
            if (type === "session.close") this.#end();
          },
          unsent: (error) => this.#host?.news.fail(error, "send"),
        }),
      onReceived: (event) => this.#receive(event),
      onSuspended: (previous, cause) => this.#suspend(previous, cause),
    });
    this.closed = this.#run();
  }

  get url(): string {
    return this.#generations.connection.transport.url;
  }

  get state(): "open" | "reconnecting" | "closed" {
    return this.#generations.state;
  }

  get opened(): Promise<void> | undefined {
    return this.#generations.connection.opened;
  }

  get bufferedAmount(): number {
    return this.#generations.connection.bufferedAmount;
  }

  recover(host: LiveLineHost): void {
    const emit = (event: RecoveryEvent) => {
      this.#isTold ||= event.type === "recovery_failed";
      // The session ends for every participant, so its connections are not renewed.
      if (event.type !== "renewed") host.news.publish(event);
    };
    const parts = { clock: this.#clock, makeId: randomId, generations: this.#generations, emit };
    this.#host = host;
    this.#recovery = new Recovery(parts, this.#recoverable(host), this.#options);
  }

  send(event: LiveOutgoingEvent, options?: SendOptions): void {
    this.#generations.connection.send(event, options);
  }

  close(code?: number, reason?: string): Promise<CloseInfo> {
    this.#end();
    this.#generations.close(code, reason);
    return this.closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #recoverable(host: LiveLineHost): Recoverable<LiveOutgoingEvent, LiveIncomingEvent> {
    const clock = this.#clock;
    const ask = (signal: AbortSignal) =>
      host.pending.ask({ type: "session.update", session: {} }, "session.updated", { signal });
    return {
      expiresAt: () => host.config?.expires_at,
      isQuiet: () => true,
      probe: (timeoutMs) => withTimeout(ask, { what: "reach the server", timeoutMs, clock }),
      onSuspend: () => {},
      // The session was configured by whoever started it.
      prepare: () => Promise.resolve(),
      restore: () => Promise.resolve({ restored: [], lost: this.#lost, replayedTokens: 0 }),
      onOpen: () => this.#catchUp(host),
      audioLoss: () => [],
    };
  }

  /** Stops the recovery: the session ends with its connection. */
  #end(): void {
    this.#recovery?.close();
    this.#generations.keeper = () => false;
  }

  async #run(): Promise<CloseInfo> {
    const ended = await this.#generations.run();
    this.#recovery?.close();
    this.#generations.connection.drop();
    if (ended.cause !== undefined && !this.#isTold) this.#events.error(ended.cause);
    else this.#events.close();
    return ended.close;
  }

  #receive(event: LiveIncomingEvent): void {
    this.#recovery?.receive(toWireEvent(event));
    if (event.type === "session.closed") this.#end();
    if (event.type === "response.event") this.#isInDoubt = false;
    this.#events.enqueue(event);
  }

  /** Settles everything in flight. */
  #suspend(previous: Connection, cause: ConnectionError): void {
    const atMs = (this.#options.wallNow ?? Date.now)();
    previous.drop();
    this.#host?.pending.fail(cause);
    this.#isInDoubt = this.#host?.calls.isOpen ?? false;
    const turns = this.#host?.turns.end() ?? [];
    this.#lost = turns.map((id) => loss("utterance", id, atMs, "The connection ended before the turn did"));
  }

  /** Answers the backend's calls again, if events of either side seem to be lost. */
  #catchUp({ calls, closed }: LiveLineHost): void {
    if (!this.#isInDoubt) return;
    const cancel = this.#clock.schedule(() => this.#isInDoubt && calls.resume(), BACKEND_SILENCE_MS);
    void closed.then(cancel);
  }
}
