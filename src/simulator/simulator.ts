// This module is browser compatible.
import { type Clock, systemClock } from "../_internal/clock.ts";
import type { IdGenerator } from "../_internal/ids.ts";
import { ConnectionError } from "../errors.ts";
import { createMemorySocketPair } from "../transport/memory.ts";
import type { Dial, Socket } from "../transport/socket.ts";
import { createTransport } from "../transport/socket_transport.ts";
import type { Transport } from "../transport/transport.ts";
import {
  acceptsApiKeyByDefault,
  acceptsModelByDefault,
  type ConnectionRequest,
  isSessionAddress,
} from "./_admission.ts";
import { serveConnection, type SessionHost } from "./_connection.ts";
import { handleRequest } from "./_http.ts";
import { serverId } from "./_session/ids.ts";
import { Pace } from "./_session/pace.ts";
import type { Brain, CreateBrain } from "./brain.ts";
import { createPersona } from "./persona.ts";
import type { Scenario } from "./scenario.ts";
import { createScenarioBrain } from "./scenario_brain.ts";
import type { SimulatedFrame, SimulatedSession } from "./simulated_session.ts";
import type { SimulatorPace } from "./simulator_pace.ts";
import type { Upgrade } from "./upgrade.ts";

/** Options of {@linkcode createSimulator}. */
export interface SimulatorOptions {
  /**
   * What the simulated model hears and says, from the beginning in each session.
   *
   * @default {the persona, which answers anything}
   */
  readonly scenario?: Scenario | undefined;
  /** Makes the mind of the simulated model, one for each session; instead of `scenario`. */
  readonly brain?: CreateBrain | undefined;
  /**
   * Source of time.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * How fast the simulated model speaks: `"realtime"` sends audio as fast as it is heard, a number so many times
   * faster, `"fast"` without waiting. Audio comes in bursts of 400 ms. At every pace each delta is sent by a call of
   * the clock of its own, so that a cancel or an interruption takes effect before the rest is sent.
   *
   * @default {4}
   */
  readonly pace?: SimulatorPace | undefined;
  /**
   * Makes identifiers from a prefix such as `item`.
   *
   * @default {random ones, as long as the real server's}
   */
  readonly ids?: IdGenerator | undefined;
  /**
   * Whether an API key is let in.
   *
   * @default {every key but those that start with "sk-invalid"}
   */
  readonly acceptsApiKey?: ((apiKey: string) => boolean) | undefined;
  /**
   * Whether a model exists.
   *
   * @default {every "gpt-" model with "realtime" or "audio" in its name}
   */
  readonly acceptsModel?: ((model: string) => boolean) | undefined;
  /** Is told of every frame, as it is received or sent; for logs and recordings. Must not throw. */
  readonly onFrame?: ((frame: SimulatedFrame) => void) | undefined;
  /** Makes WebSockets of the requests that {@linkcode Simulator.fetch} gets, see {@linkcode denoUpgrade}. */
  readonly upgrade?: Upgrade | undefined;
}

/** Options of {@linkcode Simulator.transport}. */
export interface SimulatorTransportOptions {
  /**
   * Model of the session.
   *
   * @default {"gpt-realtime-2.1"}
   */
  readonly model?: string | undefined;
  /**
   * API key; an empty one is a missing one.
   *
   * @default {"sk-simulator"}
   */
  readonly apiKey?: string | undefined;
  /** Headers of the handshake besides the key's. */
  readonly headers?: HeadersInit | undefined;
}

/** A Realtime server that runs in this program, see {@linkcode createSimulator}. */
export interface Simulator extends AsyncDisposable {
  /**
   * Opens a connection in memory. A refused one is refused as the real server does it: with an `error` event and a
   * close code.
   *
   * @throws {ConnectionError} when the simulator is closed.
   */
  transport(options?: SimulatorTransportOptions): Transport;
  /**
   * Opens a socket in memory for a client that dials by itself: `connect({ dial: simulator.dial })`. Rejects with a
   * `ConnectionError` when the address does not end in `/v1/realtime`, or the simulator is closed.
   */
  readonly dial: Dial;
  /** Answers an HTTP request: the upgrade to a WebSocket at `/v1/realtime`. Needs no `this`. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The sessions that are open, the oldest first. */
  readonly sessions: readonly SimulatedSession[];
  /** Ends all sessions with code 1001; idempotent. What connects later is turned away. */
  close(): Promise<void>;
}

/**
 * Creates the server side of the Realtime API as a state machine: sessions, voice activity detection, transcription,
 * responses in the recorded order of events, function calls and refusals in the real server's words. It answers in
 * memory, and over a real socket where an `upgrade` is given.
 *
 * Speech is what is loud enough: for 64 ms at an RMS level of -40 dBFS with the usual `threshold` of 0.5, on a straight
 * line from -60 dBFS at 0 to -20 dBFS at 1. Semantic turn detection is approximated by a pause of 1.6 s, 0.8 s or 0.4 s
 * for low, medium and high eagerness. Tokens are counted at the documented rates, four characters of text for one.
 *
 * @throws {TypeError} when both `scenario` and `brain` are given.
 * @throws {RangeError} when `pace` is a number and not positive.
 *
 * @example A conversation without a network
 * ```ts
 * import { createSimulator } from "@oai-rt/edge/simulator";
 * import { assertEquals } from "@std/assert";
 *
 * await using simulator = createSimulator({ pace: "fast" });
 * await using transport = simulator.transport();
 * transport.send({ type: "session.update", session: { type: "realtime", output_modalities: ["text"] } });
 * transport.send({
 *   type: "conversation.item.create",
 *   item: { type: "message", role: "user", content: [{ type: "input_text", text: "Hello!" }] },
 * });
 * transport.send({ type: "response.create" });
 * const types: string[] = [];
 * for await (const event of transport.events) {
 *   types.push(event.type);
 *   if (event.type === "response.done") break;
 * }
 * assertEquals(types[0], "session.created");
 * ```
 */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  return new MemorySimulator(options);
}

class MemorySimulator implements Simulator {
  readonly #upgrade: Upgrade | undefined;
  readonly #host: SessionHost;
  #closed = false;

  constructor(options: SimulatorOptions) {
    const clock = options.clock ?? systemClock;
    const createdAt = Date.now() - clock.now();
    this.#upgrade = options.upgrade;
    this.#host = {
      policy: {
        acceptsApiKey: options.acceptsApiKey ?? acceptsApiKeyByDefault,
        acceptsModel: options.acceptsModel ?? acceptsModelByDefault,
      },
      createBrain: brainMaker(options),
      clock,
      pace: new Pace(options.pace ?? 4),
      ids: options.ids ?? serverId,
      unixTime: () => createdAt + clock.now(),
      sessions: new Set(),
      onFrame: options.onFrame ?? (() => {}),
    };
  }

  get sessions(): readonly SimulatedSession[] {
    return [...this.#host.sessions];
  }

  transport(options: SimulatorTransportOptions = {}): Transport {
    const { apiKey = "sk-simulator", model = "gpt-realtime-2.1" } = options;
    const url = new URL("ws://simulator/v1/realtime");
    if (model) url.searchParams.set("model", model);
    const headers = new Headers(options.headers);
    if (apiKey) headers.set("Authorization", `Bearer ${apiKey}`);
    return createTransport(this.#connect({ url, headers, protocols: [] }), { url: url.href });
  }

  readonly dial: Dial = async ({ url, headers, protocols, signal }) => {
    signal.throwIfAborted();
    await Promise.resolve();
    return this.#connect({ url, headers, protocols });
  };

  readonly fetch = (request: Request): Promise<Response> => {
    const serve = (socket: Socket, connection: ConnectionRequest) => {
      if (this.#closed) socket.close(1001);
      else serveConnection(socket, connection, this.#host);
    };
    return handleRequest(request, this.#upgrade, serve);
  };

  async close(): Promise<void> {
    this.#closed = true;
    const sessions = this.sessions;
    for (const session of sessions) session.close(1001, "The simulator is shutting down.");
    await Promise.all(sessions.map((session) => session.closed));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #connect(request: ConnectionRequest): Socket {
    const url = request.url.href;
    if (this.#closed) {
      throw new ConnectionError(`Cannot connect to ${url} as the simulator is closed`, { kind: "unreachable", url });
    }
    if (!isSessionAddress(request.url)) {
      throw new ConnectionError(`Cannot connect to ${url} as the simulator serves /v1/realtime only`, {
        kind: "refused",
        url,
        status: 404,
      });
    }
    const [client, server] = createMemorySocketPair();
    serveConnection(server, request, this.#host);
    return client;
  }
}

function brainMaker({ brain, scenario }: SimulatorOptions): CreateBrain {
  if (brain && scenario) throw new TypeError("Cannot create the simulator as scenario and brain exclude each other");
  if (brain) return brain;
  return scenario ? (): Brain => createScenarioBrain(scenario) : createPersona;
}
