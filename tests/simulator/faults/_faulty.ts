import { assertEquals } from "@std/assert";
import { ConnectionError } from "../../../src/errors.ts";
import { connect, type ConnectOptions } from "../../../src/connect.ts";
import { isLocalEvent, type Session, type SessionEvent } from "../../../src/session/mod.ts";
import type { SimulatedSession } from "../../../src/simulator/simulated_session.ts";
import { createSimulator, type Simulator } from "../../../src/simulator/simulator.ts";
import type { SimulatorOptions } from "../../../src/simulator/simulator_options.ts";
import { createVirtualClock, type VirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { scripted, spoken } from "../_simulated_model.ts";

/** The simulated model's words, in two seconds. */
export const WORDS = "One two three four five six seven eight nine ten.";
/** Milliseconds after which nothing is in progress any more. */
const LONG_MS = 60_000;

export interface FaultyOptions extends Omit<SimulatorOptions, "clock" | "onFrame"> {
  readonly connect?: Partial<ConnectOptions> | undefined;
}

/** A promise and its state. */
export interface Watched<T> {
  /** `"pending"`, `"resolved"`, or the name of the error with which it rejected. */
  readonly state: string;
  readonly value: T | undefined;
  readonly error: unknown;
}

/** Observes a promise, so that its rejection is handled. */
export function watch<T>(promise: Promise<T>): Watched<T> {
  const watched = { state: "pending", value: undefined as T | undefined, error: undefined as unknown };
  promise.then(
    (value) => Object.assign(watched, { state: "resolved", value }),
    (error) => Object.assign(watched, { state: error.name, error }),
  );
  return watched;
}

interface MeantEvent {
  readonly type: string;
  readonly event_id: string;
}

/** A client of the simulator on a faulty connection, in virtual time. */
export class Faulty {
  readonly clock: VirtualClock = createVirtualClock();
  readonly simulator: Simulator;
  readonly connecting: Watched<Session>;
  /** All events that a reader of the session received. */
  readonly seen: SessionEvent[] = [];
  /** The frames that the server intended to send. */
  readonly meant: MeantEvent[] = [];
  readonly #watched: Watched<unknown>[] = [];
  #reader = "not reading";

  constructor({ connect: connectOptions, ...options }: FaultyOptions) {
    const { clock } = this;
    this.simulator = createSimulator({
      createModel: scripted([spoken(WORDS, 2000)]).createModel,
      pace: 20,
      clock,
      onFrame: ({ data, from }) => void (from === "server" && this.meant.push(JSON.parse(String(data)))),
      ...options,
    });
    this.connecting = this.watch(
      connect({ apiKey: "sk-test", recovery: false, clock, dial: this.simulator.dial, ...connectOptions }),
    );
  }

  /** Connects, and begins to read. */
  static async open(options: FaultyOptions = {}, withinMs = 30): Promise<Faulty> {
    const faulty = new Faulty(options);
    await faulty.clock.advance(withinMs);
    void faulty.#read();
    return faulty;
  }

  get session(): Session {
    const { error, state, value } = this.connecting;
    if (!value) throw new Error(`The session is ${state}: ${error}`);
    return value;
  }

  /** The server's side. */
  get server(): SimulatedSession {
    return this.simulator.sessions[0]!;
  }

  /** Types of the received events. */
  get types(): string[] {
    return this.seen.map(({ type }) => type);
  }

  /** Ids of the received events. */
  get idsSeen(): string[] {
    return this.seen.map((event) => "event_id" in event ? String(event.event_id) : event.type);
  }

  /** Ids of the events that the server intended to send. */
  get idsMeant(): string[] {
    return this.meant.map(({ event_id }) => event_id);
  }

  /** The received events of a type. */
  seenOf(type: string): Record<string, unknown>[] {
    return this.seen.filter((event) => event.type === type).map((event) => ({ ...event }));
  }

  /** Watches a promise: it must have settled at the {@linkcode end}. */
  watch<T>(promise: Promise<T>): Watched<T> {
    const watched = watch(promise);
    this.#watched.push(watched);
    return watched;
  }

  /** Sends a message and requests the answer, which takes 105 ms. */
  respond() {
    const response = this.session.respond();
    return {
      response,
      done: this.watch(response.done),
      words: this.watch(response.transcript()),
      audio: this.watch(response.audio()),
    };
  }

  /**
   * Ends it, and checks the conditions after every fault: the session is over, nothing is pending, and no timer is
   * left.
   */
  async end(): Promise<void> {
    const session = this.connecting.value;
    if (session) {
      const closed = this.watch(session.closed);
      this.watch(session.close());
      await this.clock.advance(LONG_MS);
      assertEquals([closed.state, session.activeResponse], ["resolved", undefined]);
    }
    const closing = this.watch(this.simulator.close());
    await this.clock.advance(LONG_MS);
    assertEquals([closing.state, this.simulator.sessions.length], ["resolved", 0]);
    assertEquals(this.#watched.filter(({ state }) => state === "pending"), []);
    assertEquals([this.#reader === "reading", this.clock.pending], [false, 0]);
  }

  async #read(): Promise<void> {
    this.#reader = "reading";
    try {
      for await (const event of this.session.events()) {
        if (!isLocalEvent(event)) this.seen.push(event);
      }
    } catch (error) {
      // An unclean end is also thrown to readers.
      if (!(error instanceof ConnectionError)) throw error;
    }
    this.#reader = "done";
  }
}
