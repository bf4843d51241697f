import type { ExecutionContext } from "hono";
import { defineWebSocketHelper, type UpgradeWebSocket, WSContext, type WSEvents } from "hono/ws";
import type { RealtimeApp, RealtimeAppOptions } from "../../src/hono/mod.ts";
import { createVirtualClock, type VirtualClock } from "../../src/simulator/virtual_clock.ts";
import { createMemorySocketPair, type DialRequest, type Socket } from "../../src/transport/mod.ts";
import { assertErrorWithout, assertWithout, CANARY, createRealtimeApp } from "./_canary.ts";
import { POLICY, PRIVATE } from "./_edge.ts";

/** An event as it was sent. */
export type Sent = Record<string, unknown> & { readonly type: string };

/** A page with a WebSocket whose server end is the app's. */
export interface Page {
  /** Events that the page got, in order. */
  readonly received: Sent[];
  /** The same as text. */
  readonly frames: string[];
  /** How the page was closed. */
  readonly closed: { code: number; reason: string } | undefined;
  /** Bytes that are queued for the page. */
  bufferedAmount: number;
  /** Sends an event, or a raw frame. */
  send(frame: unknown): void;
  /** Closes the socket from the page's side. */
  close(code: number, reason?: string): void;
  /** Number of pings sent to the page. */
  readonly pinged: number;
  /** Whether the server has dropped the page. */
  readonly isTerminated: boolean;
  /** Answers a ping. */
  pong(): void;
}

/** The other side of the relay. */
export interface Api {
  /** Dialled requests. */
  readonly dialled: DialRequest[];
  /** Events that reached the API, in order. */
  readonly received: Sent[];
  /** The same as text. */
  readonly frames: string[];
  /** How the API was closed. */
  readonly closed: { code: number; reason: string } | undefined;
  /** Handles an event that has reached it. */
  answer: (event: Sent) => void;
  /** Sends an event, or a raw frame, to the app. */
  send(frame: unknown): void;
  /** Closes the socket from the API's side. */
  close(code: number, reason?: string): void;
}

/** A page and an API with the app between them. */
export interface Setting {
  readonly api: Api;
  readonly clock: VirtualClock;
  readonly errors: unknown[];
  /** The app. */
  readonly app: RealtimeApp;
  /** Opens a page's WebSocket to the app; `pings` gives it the pings of the package ws, `lifetime` is that of a Worker. */
  open(
    headers?: Record<string, string>,
    path?: string,
    options?: { readonly pings?: boolean; readonly lifetime?: ExecutionContext },
  ): Promise<{ page: Page; response: Response }>;
}

/** Options of {@linkcode createSetting}. */
export interface SettingOptions extends Partial<RealtimeAppOptions> {
  /** Behaviour of the API when the app dials; by default it begins a session, and accepts the policy. */
  onDial?(api: Api): void;
}

/** The session as the API reports it. */
export const EFFECTIVE = {
  object: "realtime.session",
  id: "sess_1",
  ...POLICY,
  tools: [],
  prompt: null,
  tracing: null,
};

/** Creates an app between a scripted page and a scripted API. */
export function createSetting({ onDial = beginSession, ...options }: SettingOptions = {}): Setting {
  const clock = createVirtualClock();
  const errors: unknown[] = [];
  const api = new FakeApi();
  let page: FakePage | undefined;
  let withPings = false;
  const upgradeWebSocket: UpgradeWebSocket = defineWebSocketHelper((_c, events) => {
    page = new FakePage(events, withPings);
    // A status of 101 cannot be made by hand.
    return new Response("upgraded");
  });
  const app = createRealtimeApp({
    apiKey: CANARY,
    authorize: (c) => c.req.header("cookie")?.replace("user=", "") ?? false,
    session: POLICY,
    upgradeWebSocket,
    clock,
    dial: (request) => {
      assertWithout([request.url.href, ...request.protocols].join("\n"));
      api.dialled.push(request);
      const [ours, theirs] = createMemorySocketPair();
      api.attach(theirs);
      onDial(api);
      return Promise.resolve(ours);
    },
    onError: (error) => {
      assertErrorWithout(error);
      errors.push(error);
    },
    ...options,
  });
  return {
    api,
    clock,
    errors,
    app,
    async open(headers = {}, path = "/relay", { lifetime, pings = false } = {}) {
      page = undefined;
      withPings = pings;
      const init = { headers: { upgrade: "websocket", connection: "upgrade", cookie: "user=alice", ...headers } };
      const response = await app.request(path, init, {}, lifetime);
      const opened = page ?? new FakePage({});
      opened.begin();
      await clock.advance(0);
      return { page: opened, response };
    },
  };
}

/** Behaviour of the API for an accepted session. */
export function beginSession(api: Api): void {
  api.send({ type: "session.created", event_id: "event_1", session: { id: "sess_1", instructions: "The API's own." } });
  api.answer = ({ type }) => {
    if (type === "session.update") api.send({ type: "session.updated", event_id: "event_2", session: EFFECTIVE });
  };
}

class FakePage implements Page {
  readonly received: Sent[] = [];
  readonly frames: string[] = [];
  closed: { code: number; reason: string } | undefined;
  bufferedAmount = 0;
  readonly #events: WSEvents;
  readonly #context: WSContext;

  pinged = 0;
  isTerminated = false;
  #onPong: () => void = () => {};

  constructor(events: WSEvents, withPings = false) {
    this.#events = events;
    const ws = {
      ping: () => void this.pinged++,
      once: (_event: string, listener: () => void) => void (this.#onPong = listener),
      terminate: () => void (this.isTerminated = true),
    };
    this.#context = new WSContext({
      raw: withPings ? Object.assign(this, ws) : this,
      readyState: 1,
      send: (frame) => {
        assertWithout(`${frame}`, PRIVATE);
        this.frames.push(`${frame}`);
        this.received.push(JSON.parse(`${frame}`));
      },
      close: (code = 1005, reason = "") => {
        if ([1005, 1006, 1015].includes(code)) throw new RangeError(`Cannot close with code ${code}`);
        assertWithout(reason, PRIVATE);
        this.closed ??= { code, reason };
      },
    });
  }

  pong(): void {
    this.#onPong();
  }

  begin(): void {
    this.#events.onOpen?.(new Event("open"), this.#context);
  }

  send(frame: unknown): void {
    const isEvent = typeof frame === "object" && !(frame instanceof ArrayBuffer || frame instanceof Blob);
    const data = isEvent ? JSON.stringify(frame) : frame;
    this.#events.onMessage?.(new MessageEvent("message", { data: data as string }), this.#context);
  }

  close(code: number, reason = ""): void {
    this.#events.onClose?.(new CloseEvent("close", { code, reason }), this.#context);
  }
}

class FakeApi implements Api {
  readonly dialled: DialRequest[] = [];
  readonly received: Sent[] = [];
  readonly frames: string[] = [];
  closed: { code: number; reason: string } | undefined;
  answer: (event: Sent) => void = () => {};
  #socket: Socket | undefined;

  attach(socket: Socket): void {
    this.#socket = socket;
    socket.listen({
      message: (frame) => {
        assertWithout(`${frame}`);
        const event = JSON.parse(`${frame}`);
        this.frames.push(`${frame}`);
        this.received.push(event);
        this.answer(event);
      },
      close: ({ code, reason }) => void (this.closed ??= { code, reason }),
    });
  }

  send(frame: unknown): void {
    this.#socket?.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  close(code: number, reason = ""): void {
    this.#socket?.close(code, reason);
  }
}
