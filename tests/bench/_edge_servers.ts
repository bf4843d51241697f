/**
 * The two servers of `edge_load.ts`, each in a process of its own: `upstream`, which answers as the API does and at
 * once, and `edge URL`, which asks that one, by the app at `/realtime` and by a bare route at `/bare`.
 */
import { createRealtimeApp } from "@oai-rt/edge/hono";
import { Hono } from "hono";
import { upgradeWebSocket } from "hono/deno";

const API_KEY = "sk-load";

const SESSION = {
  type: "realtime",
  model: "gpt-realtime-2.1",
  instructions: "You are a calm assistant.",
  audio: { output: { voice: "marin" } },
} as const;

const ANSWER = `v=0\r\no=- 2 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n${
  "a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n".repeat(20)
}`;

/** Answers calls, and on a socket every append with a delta of the same audio and the same id. */
async function serveUpstream(request: Request): Promise<Response> {
  if (request.headers.get("upgrade") !== "websocket") {
    await request.arrayBuffer();
    return new Response(ANSWER, { status: 201, headers: { location: "/v1/realtime/calls/rtc_1" } });
  }
  const { response, socket } = Deno.upgradeWebSocket(request);
  socket.onopen = () => socket.send(`{"type":"session.created","event_id":"event_1","session":{}}`);
  // As little as possible is parsed: the edge is measured.
  socket.onmessage = ({ data }) => {
    const [, id, audio] =
      /^\{"type":"input_audio_buffer\.append","event_id":"([^"]*)","audio":"([^"]*)"\}$/.exec(data) ?? [];
    if (id === undefined) socket.send(`{"type":"session.updated","event_id":"event_2","session":{}}`);
    else socket.send(`{"type":"response.output_audio.delta","event_id":"${id}","delta":"${audio}"}`);
  };
  return response;
}

/**
 * A minimal handwritten route for the same call to the API: it forwards the offer with the settings, and returns the
 * answer.
 */
function bareRoute(baseUrl: string): Hono {
  return new Hono().post("/", async (c) => {
    const form = new FormData();
    form.set("sdp", await c.req.text());
    form.set("session", JSON.stringify(SESSION));
    const headers = {
      "accept": "application/sdp",
      "authorization": `Bearer ${API_KEY}`,
      "openai-safety-identifier": "4a44dc15364204a80fe80e9039455cc1608281a4",
    };
    const answer = await fetch(`${baseUrl}/realtime/calls`, { method: "POST", headers, body: form });
    return c.body(await answer.text(), 201, { "content-type": "application/sdp" });
  });
}

function edgeApp(baseUrl: string): Hono {
  const realtime = createRealtimeApp({
    apiKey: API_KEY,
    authorize: (c) => c.req.header("authorization") === "Bearer load" && "load",
    baseUrl,
    // Everything that is counted for a call.
    limits: {
      perCaller: { concurrentCalls: 1_000_000, secretsPerMinute: 1_000_000 },
      total: { concurrentCalls: 1_000_000 },
    },
    session: SESSION,
    upgradeWebSocket,
  });
  return new Hono().route("/bare", bareRoute(baseUrl)).route("/realtime", realtime);
}

const [role, baseUrl = ""] = Deno.args;
Deno.serve({ hostname: "127.0.0.1", port: 0 }, role === "upstream" ? serveUpstream : edgeApp(baseUrl).fetch);
