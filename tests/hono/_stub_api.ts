import { ANSWER } from "./_edge.ts";

/** The API as a server, whose behaviour a test selects by the content of its requests. */
export interface StubApi extends AsyncDisposable {
  /** Its base URL. */
  readonly url: string;
  /** Keys of the received requests. */
  readonly keys: ReadonlySet<string>;
  /** Types of the events received on its sockets, and the close codes of these. */
  readonly events: readonly string[];
  /** Resolves when such an event has come. */
  seen(event: string): Promise<void>;
  /** Number of open sockets of sessions, without those to calls. */
  readonly openSessions: number;
  /** Ids of the calls that were begun by numbered offers, and not hung up. */
  readonly openCalls: ReadonlySet<string>;
  /** Number of pending requests. */
  readonly pending: number;
  /** Delay of the answer to an offer, in milliseconds. */
  delayMs: number;
  /** Resolves when a condition holds, within 20 seconds. */
  until(isSo: () => boolean, what: string): Promise<void>;
}

/** Voices with which minting fails, and how. */
const FAILURES: Readonly<Record<string, () => Response>> = {
  // The API does not accept this session.
  cedar: () => error(400, { param: "session.audio.output.voice", message: "Voice cedar is not for you." }),
  sage: () => error(400, { param: "session.instructions", message: "These instructions are not for you." }),
  coral: () => error(401, { code: "invalid_api_key", message: "Incorrect API key provided." }),
  verse: () => new Response("<html>Down for maintenance</html>", { headers: { "content-type": "text/html" } }),
  ash: () => new Response(null, { status: 302, headers: { location: "https://evil.test/" } }),
};

/** Names of sessions in offers with which a call fails, and how. */
const REFUSED_OFFERS: Readonly<Record<string, () => Response>> = {
  refused: () => error(403, { message: "No calls for org-secret." }),
  invalid: () => error(400, { code: "invalid_offer", message: "Failed to parse." }),
  nameless: () => new Response(ANSWER, { status: 201 }),
  json: () => Response.json({ error: {} }, { status: 201, headers: { location: "/v1/realtime/calls/rtc_1" } }),
};

/** Serves the API on a free port. */
export function startStubApi(): StubApi {
  const keys = new Set<string>();
  const events: string[] = [];
  const waiting = new Map<string, () => void>();
  const log = (event: string) => {
    events.push(event);
    waiting.get(event)?.();
  };
  const sockets = new Set<WebSocket>();
  const openCalls = new Set<string>();
  let sessions = 0;
  let calls = 0;
  let pending = 0;
  let delayMs = 0;
  const answer = async (request: Request): Promise<Response> => {
    keys.add(request.headers.get("authorization") ?? "none");
    const { pathname, searchParams } = new URL(request.url);
    if (request.headers.has("upgrade")) {
      const { response, socket } = Deno.upgradeWebSocket(request);
      sockets.add(socket);
      if (pathname === "/v1/live/sessions") {
        serveLive(socket, log);
        return response;
      }
      if (!searchParams.has("call_id")) {
        sessions++;
        socket.addEventListener("close", () => sessions--);
      }
      serveSession(socket, { log, isSideband: searchParams.has("call_id") });
      return response;
    }
    const body = await request.text();
    if (pathname === "/v1/realtime/client_secrets") return mint(JSON.parse(body).session.audio.output.voice);
    if (pathname === "/v1/realtime/calls") {
      const name = /\r\ns=(\w+)\r\n/.exec(body)?.[1] ?? "";
      if (name !== "numbered") return answerOffer(name);
      const id = `rtc_n${++calls}`;
      openCalls.add(id);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      return new Response(ANSWER, { status: 201, headers: { location: `/v1/realtime/calls/${id}` } });
    }
    if (pathname === "/v1/live/sessions") {
      const { session, transport } = JSON.parse(body);
      if (session.audio?.output?.voice === "coral") return error(401, { code: "invalid_api_key" });
      const answered = { session: { id: "live_1" }, transport: { type: transport.type, sdp: ANSWER } };
      return Response.json(answered, { status: 201 });
    }
    if (pathname.endsWith("/hangup")) openCalls.delete(pathname.split("/").at(-2)!);
    return pathname.includes("rtc_gone") ? error(404, { message: "No such call." }) : new Response();
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    pending++;
    return answer(request).finally(() => pending--);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/v1`,
    keys,
    events,
    seen: (event) => new Promise((resolve) => events.includes(event) ? resolve() : waiting.set(event, resolve)),
    openCalls,
    get openSessions() {
      return sessions;
    },
    get pending() {
      return pending;
    },
    get delayMs() {
      return delayMs;
    },
    set delayMs(ms) {
      delayMs = ms;
    },
    async until(isSo, what) {
      for (let waited = 0; !isSo(); waited++) {
        if (waited === 2000) throw new Error(`It did not happen within 20 seconds: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.close();
      await server.shutdown();
    },
  };
}

function mint(voice: string): Response {
  return FAILURES[voice]?.() ?? Response.json({ value: "ek_stub", expires_at: 1_790_000_060, session: { voice } });
}

function answerOffer(name: string): Response {
  const location = `/v1/realtime/calls/${name === "gone" ? "rtc_gone" : "rtc_1"}`;
  return REFUSED_OFFERS[name]?.() ?? new Response(ANSWER, { status: 201, headers: { location } });
}

function error(status: number, words: Record<string, unknown>): Response {
  return Response.json({ error: { type: "invalid_request_error", ...words } }, { status });
}

/** A Live session that accepts every setting, and sends a final event. */
function serveLive(socket: WebSocket, log: (event: string) => void): void {
  const send = (event: Record<string, unknown>) => socket.send(JSON.stringify(event));
  let session: Record<string, unknown> = {};
  socket.onclose = ({ code }) => log(`live closed ${code}`);
  socket.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    log(event.type);
    if (event.type === "session.start") {
      session = { id: "live_1", expires_at: 0, status: "active", ...event.session };
      send({ type: "session.started", event_id: "event_1", session });
    }
    if (event.type === "session.input_audio.mute") {
      send({ type: "session.input_audio.muted", event_id: "event_2", client_event_id: event.event_id });
    }
    if (event.type !== "session.close") return;
    send({ type: "session.closed", event_id: "event_3", reason: "close_requested", session, usage: { seconds: 1 } });
    socket.close(1000);
  };
}

/** A session that accepts every setting, echoes its input, and ends with the requested code. */
function serveSession(
  socket: WebSocket,
  { log, isSideband }: { log: (event: string) => void; isSideband: boolean },
): void {
  const send = (event: Record<string, unknown>) => socket.send(JSON.stringify(event));
  socket.onopen = () => {
    if (!isSideband) send({ type: "session.created", event_id: "event_1", session: { id: "sess_1" } });
  };
  socket.onclose = ({ code }) => log(`closed ${code}`);
  socket.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    log(event.type);
    if (event.type === "session.update") send({ type: "session.updated", event_id: "event_2", session: event.session });
    if (event.type === "conversation.item.create") send({ type: "conversation.item.added", item: event.item });
    if (event.type === "conversation.item.delete") socket.close(Number(event.item_id), "as told");
  };
}
