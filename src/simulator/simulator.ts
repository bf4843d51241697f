// This module is browser compatible.
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { ConnectionError } from "../errors.ts";
import type { Dial } from "../transport/socket.ts";
import { createTransport } from "../transport/socket_transport.ts";
import type { Transport } from "../transport/transport.ts";
import { checkSipCall } from "./_calls/check_sip_call.ts";
import type { MediaOption } from "./_calls/sdp_answer.ts";
import { fetchRequest } from "./_server/http/fetch_request.ts";
import { connectInMemory } from "./_server/memory_connection.ts";
import { createService, type Service } from "./_server/service.ts";
import { DEFAULT_MODEL } from "./_session/config/models.ts";
import type { LiveCallOutcome } from "./live/live_call.ts";
import type { SimulatedLiveSession } from "./live/simulated_live_session.ts";
import type { RestFault } from "./rest_faults.ts";
import type { SimulatedCall } from "./simulated_call.ts";
import type { SimulatedSession } from "./simulated_session.ts";
import type { SimulatorOptions, SimulatorTransportOptions } from "./simulator_options.ts";
import type { SipCallOptions, SipCallOutcome } from "./sip_call.ts";

/**
 * A Realtime server that runs in this program, see {@linkcode createSimulator}.
 *
 * @category Simulator
 */
export interface Simulator extends AsyncDisposable {
  /**
   * Opens a connection in memory. Rejections look like the real server's: an `error` event and a close code.
   *
   * @throws {ConnectionError} when the simulator is closed, or there is no call with this `callId`.
   */
  transport(options?: SimulatorTransportOptions): Transport;
  /**
   * Opens a socket in memory for a client that dials by itself: `connect({ dial: simulator.dial })`. Rejects with a
   * `ConnectionError` when the address does not end in `/v1/realtime` or `/v1/realtime/translations`, when there is no
   * call with its `call_id`, or the simulator is closed.
   */
  readonly dial: Dial;
  /**
   * Answers HTTP requests to any host: client secrets, calls and their control, and the upgrade to a WebSocket. It
   * does not need `this`. Use it as the handler of a server, whose other arguments are ignored, or as the `fetch` of a
   * client: `new RealtimeRest({ apiKey, fetch: simulator.fetch })`. `init` is a `RequestInit`, for an `input` that is an
   * address; when its `signal` is aborted, the request rejects.
   *
   * @example A client secret for a page
   * ```ts
   * import { createSimulator } from "@oai-rt/edge/simulator";
   * import { assertEquals } from "@std/assert";
   *
   * await using simulator = createSimulator();
   * const response = await simulator.fetch(
   *   new Request("https://simulator/v1/realtime/client_secrets", {
   *     method: "POST",
   *     headers: { authorization: "Bearer sk-test" },
   *     body: JSON.stringify({ session: { type: "realtime", instructions: "Be brief." } }),
   *   }),
   * );
   * const { value } = await response.json();
   * await using transport = simulator.transport({ apiKey: value });
   * const { value: created } = await transport.events.getReader().read();
   * assertEquals(created?.type, "session.created");
   * ```
   */
  readonly fetch: (input: Request | URL | string, init?: unknown) => Promise<Response>;
  /**
   * Simulates an incoming telephone call: it delivers a signed `realtime.call.incoming` webhook, and resolves when a
   * client has accepted or rejected the call, or the caller has given up. Rejects with a `ConnectionError` when the
   * webhook is not answered with a 2xx status or the simulator is closed, with the signal's reason when the caller
   * hangs up first, and with a `SyntaxError` when the secret is not base64 after `whsec_`.
   *
   * @example A telephone call that is accepted
   * ```ts
   * import { createSimulator } from "@oai-rt/edge/simulator";
   * import { assertEquals } from "@std/assert";
   *
   * await using simulator = createSimulator();
   * const outcome = await simulator.ringSipCall({
   *   webhookUrl: "https://app.example.com/webhooks",
   *   secret: "whsec_c2VjcmV0",
   *   // The handler of your app; without it the webhook goes over the network.
   *   async fetch(webhook) {
   *     const { data } = await webhook.json();
   *     return await simulator.fetch(
   *       new Request(`https://simulator/v1/realtime/calls/${data.call_id}/accept`, {
   *         method: "POST",
   *         headers: { authorization: "Bearer sk-test" },
   *         body: JSON.stringify({ type: "realtime", model: "gpt-realtime-2.1" }),
   *       }),
   *     );
   *   },
   * });
   * assertEquals(outcome.status, "accepted");
   * ```
   */
  ringSipCall(options: SipCallOptions): Promise<SipCallOutcome>;
  /**
   * Simulates an incoming telephone call to the Live API: like {@linkcode ringSipCall}, with the webhook
   * `live.transport.incoming` and the calls below `/v1/live/sessions`.
   */
  ringLiveCall(options: SipCallOptions): Promise<LiveCallOutcome>;
  /** The open sessions of the Live API, oldest first. */
  readonly liveSessions: readonly SimulatedLiveSession[];
  /** The open sessions, including those of calls, oldest first. */
  readonly sessions: readonly SimulatedSession[];
  /** The active calls, oldest first. */
  readonly calls: readonly SimulatedCall[];
  /**
   * Checks that every session so far has received, in order, the events that the scenario expects from its client.
   *
   * @throws {Error} when one has not, or when there was no session; the message lists the received events.
   *
   * @example A client that has to request a text response
   * ```ts
   * import { createSimulator } from "@oai-rt/edge/simulator";
   *
   * await using simulator = createSimulator({
   *   pace: "fast",
   *   scenario: {
   *     opening: { outputs: [{ type: "message", text: "Hello!" }] },
   *     turns: [],
   *     expect: [{ type: "response.create", response: { output_modalities: ["text"] } }],
   *   },
   * });
   * await using transport = simulator.transport();
   * transport.send({ type: "response.create", response: { output_modalities: ["text"] } });
   * for await (const event of transport.events) {
   *   if (event.type === "response.done") break;
   * }
   * simulator.assertExpectations();
   * ```
   */
  assertExpectations(): void;
  /**
   * Checks that the sessions so far have used what the test has set up: all turns and responses of the scenario (but not
   * of that of Live), and all faults, including injected ones. A use in any session counts, and a fault with `times`
   * must occur at least once.
   *
   * @throws {Error} when one was not used; the message names it, and the text for which a turn has waited in vain.
   */
  assertUsed(): void;
  /**
   * Injects a fault into the next requests to the REST API.
   *
   * @throws {TypeError} when the fault, or a member of it, is unknown.
   * @throws {RangeError} when one of its numbers is missing or out of range.
   */
  restFault(fault: RestFault): void;
  /** Ends all sessions and calls with code 1001; idempotent. Later connections are rejected. */
  close(): Promise<void>;
}

/**
 * Creates the server side of the Realtime API as a state machine: sessions, voice activity detection, transcription,
 * responses with events in the recorded order, function calls, and errors with the real server's texts. It is available
 * in memory, and over a real socket if an `upgrade` is given; client secrets and calls, by WebRTC and telephone, are
 * created over HTTP.
 *
 * Audio counts as speech if it is loud enough for 64 ms: at an RMS level of -40 dBFS with the usual `threshold` of 0.5,
 * and on a straight line from -60 dBFS at 0 to -20 dBFS at 1. Semantic turn detection uses the sound of speech rather
 * than its meaning: a turn ends with a pause of 1.6 s, 0.8 s or 0.4 s for low, medium and high eagerness, and with one
 * of 8 s, 4 s or 2 s when it does not sound finished, because it ends in a filler (one held sound that stands alone) or
 * its energy rises.
 *
 * Tokens are counted at the documented rates, four characters of text per token. A conversation of more than 28 224
 * tokens, or of the limit in its `truncation`, loses its oldest items for the model, without an event.
 *
 * @category Simulator
 *
 * @throws {TypeError} when both `scenario` and `createModel` are given.
 * @throws {TypeError} when an option, the server, the latency or a fault is unknown, or the scenario is invalid.
 * @throws {RangeError} when `pace` is a number and not positive, or a number of a latency or a fault is out of range.
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
  readonly #service: Service;
  #closed = false;
  #hasToldNoMedia = false;

  constructor(options: SimulatorOptions) {
    this.#service = createService(options, {
      tellNoMedia: (callId, option) => this.#tellNoMedia(callId, option),
      isClosed: () => this.#closed,
    });
  }

  get sessions(): readonly SimulatedSession[] {
    return [...this.#service.host.sessions];
  }

  get calls(): readonly SimulatedCall[] {
    return this.#service.calls.live;
  }

  get liveSessions(): readonly SimulatedLiveSession[] {
    return this.#service.live.sessions;
  }

  transport(options: SimulatorTransportOptions = {}): Transport {
    const known: OptionNames<SimulatorTransportOptions> = { apiKey: 1, callId: 1, headers: 1, intent: 1, model: 1 };
    checkOptions("open a transport", options, known);
    const { apiKey = "sk-simulator", callId, intent } = options;
    const isElsewhere = callId !== undefined || intent !== undefined;
    const { model = isElsewhere ? undefined : DEFAULT_MODEL } = options;
    const url = new URL("ws://simulator/v1/realtime");
    for (const [name, value] of Object.entries({ model, intent, call_id: callId })) {
      if (value) url.searchParams.set(name, value);
    }
    const headers = new Headers(options.headers);
    if (apiKey) headers.set("Authorization", `Bearer ${apiKey}`);
    const socket = connectInMemory({ url, headers, protocols: [] }, this.#service);
    const call = callId === undefined ? {} : { playback: "server", shared: true } as const;
    return createTransport(socket, { url: url.href, ...call, secrets: [apiKey] });
  }

  readonly dial: Dial = async ({ url, headers, protocols, signal }) => {
    signal.throwIfAborted();
    await Promise.resolve();
    return connectInMemory({ url, headers, protocols }, this.#service);
  };

  readonly fetch = (input: Request | URL | string, init?: unknown): Promise<Response> =>
    fetchRequest(input, init as RequestInit | undefined, this.#service);

  async ringSipCall(options: SipCallOptions): Promise<SipCallOutcome> {
    this.#assertMayRing(options);
    return await this.#service.calls.ring(options);
  }

  async ringLiveCall(options: SipCallOptions): Promise<LiveCallOutcome> {
    this.#assertMayRing(options);
    return await this.#service.live.ring(options);
  }

  #assertMayRing(options: SipCallOptions): void {
    if (this.#closed) throw new ConnectionError("Cannot ring as the simulator is closed", { kind: "unreachable" });
    checkSipCall(options);
  }

  assertExpectations(): void {
    this.#service.host.expectations.assert();
  }

  assertUsed(): void {
    this.#service.host.setup.assert();
  }

  restFault(fault: RestFault): void {
    this.#service.host.restFaults.add(fault);
  }

  #tellNoMedia(callId: string, option: MediaOption): void {
    if (this.#hasToldNoMedia) return;
    this.#hasToldNoMedia = true;
    console.warn(
      `The simulator has answered call ${callId} formally: no media will connect, but its events can be ` +
        `read over a sideband. Create it with ${option}, a media peer, for calls with audio`,
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#service.calls.stopRinging();
    const sessions = this.sessions;
    for (const session of sessions) session.close(1001, "The simulator is shutting down.");
    await Promise.all([...sessions.map((session) => session.closed), this.#service.live.close()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
