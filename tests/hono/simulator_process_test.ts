import { assertEquals, assertMatch } from "@std/assert";
import { connect } from "../../src/connect.ts";
import { isServerEvent } from "../../src/protocol/mod.ts";
import { connectWebSocket, createHeaderDialer, createTransport, type Transport } from "../../src/transport/mod.ts";
import { ROOT } from "../_tools/repository.ts";
import { startSimulator } from "../_tools/servers/simulator_process.ts";
import { assertAnswerWithout, assertWithout, CANARY, createRealtimeApp } from "./_canary.ts";
import { POLICY, WHOLE_OFFER } from "./_edge.ts";
import { type Host, HOSTS } from "./_hosts.ts";
import { cookieOf } from "./_run_cases.ts";
import { WEBHOOK_SECRET } from "./_webhook.ts";

const COOKIE_SECRET = "a secret that cookies are signed with";

/** The example for Deno, and `deno task simulator` in place of the API: a process each. */
interface Processes extends AsyncDisposable {
  readonly edge: Host;
  /** Base URL of the simulator. */
  readonly baseUrl: string;
  /** The header of a visitor who has logged in. */
  readonly cookie: string;
  /** Asks the edge, as that visitor; the answer is searched for the key. */
  post(path: string, init?: RequestInit): Promise<Response>;
}

async function startProcesses(): Promise<Processes> {
  const stack = new AsyncDisposableStack();
  const simulator = stack.use(await startSimulator(ROOT, ["--pace", "fast"]));
  const baseUrl = `${new URL(simulator.url.replace("ws", "http")).origin}/v1`;
  const env = { OPENAI_API_KEY: CANARY, OPENAI_BASE_URL: baseUrl, COOKIE_SECRET };
  const edge = stack.use(await HOSTS.Deno!(env));
  const cookie = await cookieOf("alice", COOKIE_SECRET);
  return {
    edge,
    baseUrl,
    cookie,
    async post(path, { headers, ...init } = {}) {
      const all = { cookie, ...Object.fromEntries(new Headers(headers)) };
      const response = await fetch(`${edge.url}/realtime${path}`, { method: "POST", headers: all, ...init });
      await assertAnswerWithout(response);
      return response;
    },
    async [Symbol.asyncDispose]() {
      await stack.disposeAsync();
      assertWithout(edge.output, [COOKIE_SECRET]);
    },
  };
}

/** What a tool said, once it did. */
async function toolOutput({ events }: Transport): Promise<string> {
  for await (const event of events.values({ preventCancel: true })) {
    if (!isServerEvent(event, "conversation.item.added")) continue;
    if (event.item.type === "function_call_output") return `${event.item.output}`;
  }
  throw new Error("Cannot wait for a tool as the call has ended");
}

Deno.test("a page mints a secret at the edge and connects to the simulator, across processes", async () => {
  await using processes = await startProcesses();
  const { value } = await (await processes.post("/client_secrets")).json();
  assertMatch(value, /^ek_/);
  await using session = await connect({ apiKey: value, baseUrl: processes.baseUrl });
  assertMatch(session.config?.type === "realtime" ? `${session.config.instructions}` : "", /bakery/);
  assertEquals((await session.ask("Good morning!")).status, "completed");
});

Deno.test("the sideband of an edge call runs its tool, and ends with the hangup, across processes", async () => {
  await using processes = await startProcesses();
  const headers = { "content-type": "application/sdp" };
  const response = await processes.post("/calls", { headers, body: WHOLE_OFFER });
  assertEquals(response.status, 201, processes.edge.output);
  await response.body?.cancel();
  const callId = response.headers.get("x-realtime-call-id")!;
  // The visitor's side: events of the call's data channel can also be sent over any other connection to the call.
  await using visitor = await connectWebSocket({ apiKey: "sk-visitor", baseUrl: processes.baseUrl, callId });
  const content = [{ type: "input_text", text: "Please use the opening_hours tool for sunday." }] as const;
  visitor.send({ type: "conversation.item.create", item: { type: "message", role: "user", content } });
  visitor.send({ type: "response.create" });
  assertEquals(await toolOutput(visitor), "closed");
  const token = { "x-realtime-call-token": response.headers.get("x-realtime-call-token")! };
  assertEquals((await processes.post(`/calls/${callId}/hangup`, { headers: token })).status, 204);
  await visitor.closed;
});

Deno.test("a page talks to the simulator over the relay of the edge, across processes", async () => {
  await using processes = await startProcesses();
  const dial = createHeaderDialer();
  const socket = await dial({
    url: new URL(`${processes.edge.url.replace("http", "ws")}/realtime/relay`),
    headers: new Headers({ cookie: processes.cookie }),
    protocols: [],
    signal: new AbortController().signal,
  });
  await using page = await connect({ transport: createTransport(socket) });
  assertEquals(page.config?.type === "realtime" && page.config.instructions, undefined);
  assertEquals((await page.ask("Good morning!")).status, "completed");
  const refused = await page.update({ instructions: "Obey." }).catch((error) => error);
  assertEquals([refused.code, refused.param], ["relay_refused", "session.instructions"]);
});

Deno.test("a SIP call of the simulator rings at the edge, is accepted, controlled and transferred, across processes", async () => {
  const baseUrl = Promise.withResolvers<string>();
  const steered = Promise.withResolvers<unknown>();
  const edge = createRealtimeApp({
    apiKey: CANARY,
    authorize: () => true,
    baseUrl: () => baseUrl.promise,
    session: POLICY,
    webhookSecret: WEBHOOK_SECRET,
    onIncomingCall: (call) => ({
      action: "accept",
      session: { ...POLICY, instructions: `Greet ${call.header("from")}.` },
    }),
    onCall: async (call) => {
      await using session = await call.attach();
      await session.update({ output_modalities: ["text"] });
      steered.resolve(session.config?.type === "realtime" && session.config.instructions);
      await call.refer("tel:+14155550123");
      await session.closed;
    },
  });
  const serve = (request: Request) => edge.fetch(request);
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, serve);
  const ringing = ["--ring", `http://127.0.0.1:${server.addr.port}/webhooks`, "--ring-secret", WEBHOOK_SECRET];
  await using simulator = await startSimulator(ROOT, ["--pace", "fast", ...ringing]);
  baseUrl.resolve(`${new URL(simulator.url.replace("ws", "http")).origin}/v1`);
  await until(() => simulator.output.includes("The call has ended: refer tel:+14155550123\n"));
  assertEquals(await steered.promise, "Greet sip:+14155550100@sip.example.com.");
});

async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; waited < 2000; waited++) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("It did not happen within 20 seconds");
}
