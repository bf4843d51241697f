import { defineWebSocketHelper, WSContext } from "hono/ws";
import type { EdgeEvent, EdgeLiveOptions, RealtimeApp, RealtimeAppOptions } from "../../../src/hono/mod.ts";
import { connectLive, type ConnectLiveOptions, type LiveSession } from "../../../src/live/mod.ts";
import {
  createSimulator,
  createVirtualClock,
  type Simulator,
  type SimulatorOptions,
  type VirtualClock,
} from "../../../src/simulator/mod.ts";
import { createMemorySocketPair, type Dial, type DialRequest, type Socket } from "../../../src/transport/mod.ts";
import { settled } from "../../live/_live.ts";
import { assertErrorWithout, assertWithout, CANARY, createRealtimeApp } from "../_canary.ts";
import { POLICY, PRIVATE } from "../_edge.ts";
import { WEBHOOK_SECRET } from "../_webhook.ts";

/** The policy of the Live API: instructions that no page may see. */
export const LIVE_POLICY = { model: "gpt-live-1", instructions: POLICY.instructions } as const;

/** Options of {@linkcode createLiveEdge}. */
export interface LiveEdgeRigOptions extends Partial<Omit<RealtimeAppOptions, "live">> {
  readonly live?: Partial<EdgeLiveOptions>;
  readonly simulator?: SimulatorOptions;
  /** Wraps the connection to the API. */
  readonly overLine?: (dial: Dial) => Dial;
}

/** An app whose API is the simulator, on a virtual clock. */
export interface LiveEdgeRig extends AsyncDisposable {
  readonly app: RealtimeApp;
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly events: EdgeEvent[];
  readonly errors: unknown[];
  /** Dialled requests. */
  readonly dialled: DialRequest[];
  /** Every frame that a page got. */
  readonly shown: Record<string, unknown>[];
  /** Events received by the API. */
  readonly received: Record<string, unknown>[];
  /** Opens a socket to the relay. */
  openSocket(query?: string): Promise<Socket>;
  /** A page with a session over the relay. */
  connect(options?: Partial<ConnectLiveOptions>): Promise<LiveSession>;
  settle<T>(promise: Promise<T>, withinMs?: number): Promise<T>;
  /** Posts as Alice. */
  post(path: string, body?: BodyInit | null, headers?: Record<string, string>): Promise<Response>;
  eventsOf<Type extends EdgeEvent["type"]>(type: Type): Extract<EdgeEvent, { type: Type }>[];
}

/** Creates an app, and its surroundings. */
export function createLiveEdge(
  { live, simulator: simulated, overLine = (dial) => dial, ...options }: LiveEdgeRigOptions = {},
): LiveEdgeRig {
  const clock = createVirtualClock();
  const events: EdgeEvent[] = [];
  const errors: unknown[] = [];
  const dialled: DialRequest[] = [];
  const shown: Record<string, unknown>[] = [];
  const received: Record<string, unknown>[] = [];
  const simulator = createSimulator({
    clock,
    ...simulated,
    onFrame: ({ data, from }) => void (from === "client" && received.push(JSON.parse(String(data)))),
  });
  let page: Socket | undefined;
  const upgradeWebSocket = defineWebSocketHelper((_c, handlers) => {
    const [ours, theirs] = createMemorySocketPair();
    const context = new WSContext({
      readyState: 1,
      send: (frame) => {
        assertWithout(`${frame}`, PRIVATE);
        shown.push(JSON.parse(`${frame}`));
        theirs.send(`${frame}`);
      },
      close: (code, reason = "") => {
        assertWithout(reason, PRIVATE);
        theirs.close(code, reason);
      },
    });
    theirs.listen({
      message: (data) => handlers.onMessage?.(new MessageEvent("message", { data: data as string }), context),
      close: (info) => handlers.onClose?.(new CloseEvent("close", info), context),
    });
    handlers.onOpen?.(new Event("open"), context);
    page = ours;
    return new Response("upgraded");
  });
  const dial: Dial = (request) => {
    assertWithout([request.url.href, ...request.protocols].join("\n"));
    dialled.push(request);
    return simulator.dial(request);
  };
  const app = createRealtimeApp({
    apiKey: CANARY,
    authorize: (c) => c.req.header("cookie")?.replace("user=", "") ?? false,
    session: POLICY,
    live: { session: LIVE_POLICY, ...live },
    fetch: simulator.fetch,
    dial: overLine(dial),
    webhookSecret: WEBHOOK_SECRET,
    upgradeWebSocket,
    onEvent: (event) => events.push(event),
    onError: (error) => {
      assertErrorWithout(error);
      errors.push(error);
    },
    clock,
    ...options,
  });
  const openSocket = async (query = "") => {
    page = undefined;
    const headers = { upgrade: "websocket", connection: "upgrade", cookie: "user=alice" };
    const response = await app.request(`/live/relay${query}`, { headers });
    if (page) return page as Socket;
    throw new Error(`No relay: ${response.status} ${await response.text()}`);
  };
  const settle = <T>(promise: Promise<T>, withinMs?: number) => settled(clock, promise, withinMs);
  return {
    app,
    clock,
    simulator,
    events,
    errors,
    dialled,
    shown,
    received,
    openSocket,
    settle,
    async connect(page) {
      const socket = await openSocket();
      return await settle(connectLive({
        url: "wss://shop.example.com/live/relay",
        dial: () => Promise.resolve(socket),
        clock,
        onUnhandled: () => {},
        ...page,
      }));
    },
    post: (path, body = null, headers = {}) =>
      Promise.resolve(app.request(path, { method: "POST", headers: { cookie: "user=alice", ...headers }, body })),
    eventsOf: (type) => events.filter((event) => event.type === type) as never,
    async [Symbol.asyncDispose]() {
      const closing = Promise.all([app.close(), simulator.close()]);
      await settle(closing);
    },
  };
}

/** Collects the frames of a socket, and its end. */
export function listenTo(socket: Socket): {
  readonly got: Record<string, unknown>[];
  readonly ended: { readonly code: number; readonly reason: string } | undefined;
} {
  const heard: { got: Record<string, unknown>[]; ended: { code: number; reason: string } | undefined } = {
    got: [],
    ended: undefined,
  };
  socket.listen({
    message: (frame) => heard.got.push(JSON.parse(String(frame))),
    close: ({ code, reason }) => heard.ended = { code, reason },
  });
  return heard;
}
