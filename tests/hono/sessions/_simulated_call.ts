import { assertEquals } from "@std/assert";
import { ConnectionError } from "../../../src/errors.ts";
import type { EdgeEvent, RealtimeAppOptions } from "../../../src/hono/mod.ts";
import { createSimulator, createVirtualClock, type SimulatedCall, type Simulator } from "../../../src/simulator/mod.ts";
import type { VirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { createSimulatedEdge } from "../_simulated_edge.ts";
import { WHOLE_OFFER } from "../_edge.ts";

/** A call of an app whose API is the simulator, on a clock that stands still. */
export interface SimulatedEdgeCall {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly edge: ReturnType<typeof createSimulatedEdge>;
  /** The call, as the API knows it. */
  readonly call: SimulatedCall;
  /** Token of the call. */
  readonly token: string;
  /** Events reported to the host. */
  readonly events: readonly EdgeEvent[];
  readonly errors: readonly unknown[];
  /** Number of dialled sidebands. */
  readonly dials: number;
  /** Error of dialling; `undefined` when it succeeds. */
  refusal: ConnectionError | undefined;
  /** Reasons of the ends reported to the host. */
  readonly ends: readonly string[];
  /** Asks for the events of the call, of this app or of another one. */
  follow(edge?: SimulatedEdgeCall["edge"], headers?: Record<string, string>): Promise<EventReader>;
  /** Sends an event of the API over the call, and waits until it arrives. */
  say(event: object): Promise<void>;
}

/** The server-sent events of a call. */
export interface EventReader {
  /** The types of the events so far. */
  readonly seen: readonly string[];
  /** Their ids. */
  readonly ids: readonly string[];
  /** The data of the events so far. */
  readonly data: readonly { readonly type: string; readonly reason?: string; readonly delta?: string }[];
  /** Whether the stream has ended. */
  readonly hasEnded: boolean;
  /** Leaves. */
  cancel(): Promise<void>;
}

/** An error of a connection that could not be made. */
export function refusal(status?: number): ConnectionError {
  return new ConnectionError("No line", { kind: status === undefined ? "unreachable" : "refused", status });
}

/** Begins a call. */
export async function beginSimulatedCall(options: Partial<RealtimeAppOptions> = {}): Promise<SimulatedEdgeCall> {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock, pace: "fast" });
  const events: EdgeEvent[] = [];
  const errors: unknown[] = [];
  const state: { refusal: ConnectionError | undefined; dials: number } = { refusal: undefined, dials: 0 };
  const edge = createSimulatedEdge(simulator, {
    clock,
    dial: (request) => {
      state.dials++;
      if (state.refusal) return Promise.reject(state.refusal);
      return simulator.dial(request);
    },
    onEvent: (event) => events.push(event),
    onError: (error) => errors.push(error),
    ...options,
  });
  const init = { method: "POST", headers: { "content-type": "application/sdp" }, body: WHOLE_OFFER };
  const asking = edge.request("/calls", init);
  await clock.advance(100);
  const response = await asking;
  assertEquals(response.status, 201, await response.clone().text());
  const [call] = simulator.calls;
  const token = response.headers.get("x-realtime-call-token")!;
  return {
    clock,
    simulator,
    edge,
    call: call!,
    token,
    events,
    errors,
    get dials() {
      return state.dials;
    },
    get refusal() {
      return state.refusal;
    },
    set refusal(error) {
      state.refusal = error;
    },
    get ends() {
      return events.flatMap((event) => event.type === "call_ended" ? [event.reason] : []);
    },
    async follow(from = edge, headers = {}) {
      const asking = from.request(`/calls/${call!.id}/events`, {
        headers: { "x-realtime-call-token": token, ...headers },
      });
      await clock.advance(100);
      const response = await asking;
      assertEquals(response.status, 200, response.status === 200 ? "" : await response.text());
      return read(response);
    },
    async say(event) {
      call!.session.send(JSON.stringify(event));
      await clock.advance(0);
    },
  };
}

function read(response: Response): EventReader {
  const seen: string[] = [];
  const ids: string[] = [];
  const data: EventReader["data"][number][] = [];
  let hasEnded = false;
  let rest = "";
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const run = async () => {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const blocks = (rest + read.value).split("\n\n");
      rest = blocks.pop()!;
      for (const block of blocks) {
        const [, id, type, json] = /^id: (.+)\nevent: (.+)\ndata: (.+)$/.exec(block) ?? [];
        if (id === undefined || type === undefined || json === undefined) continue;
        seen.push(type);
        ids.push(id);
        data.push(JSON.parse(json));
      }
    }
    hasEnded = true;
  };
  const running = run();
  return {
    seen,
    ids,
    data,
    get hasEnded() {
      return hasEnded;
    },
    async cancel() {
      await reader.cancel();
      await running;
    },
  };
}
