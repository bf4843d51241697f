import { assertEquals } from "@std/assert";
import { createSimulator, denoUpgrade, type SimulatedCall, type Simulator } from "../../src/simulator/mod.ts";
import { assertAnswerWithout, assertWithout, CANARY } from "./_canary.ts";
import { WHOLE_OFFER } from "./_edge.ts";
import { type Host, startWorker } from "./_hosts.ts";
import { cookieOf } from "./_run_cases.ts";

const COOKIE_SECRET = "a secret that cookies are signed with";

/** The API, on a socket that workerd can reach. */
function serveSimulator(): AsyncDisposable & { readonly simulator: Simulator; readonly env: Record<string, string> } {
  const simulator = createSimulator({ pace: "fast", upgrade: denoUpgrade(Deno.upgradeWebSocket) });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, simulator.fetch);
  return {
    simulator,
    env: { OPENAI_API_KEY: CANARY, OPENAI_BASE_URL: `http://127.0.0.1:${server.addr.port}/v1`, COOKIE_SECRET },
    async [Symbol.asyncDispose]() {
      await simulator.close();
      await server.shutdown();
    },
  };
}

/** Starts a call with the Worker, and returns the caller's side of it. */
async function startCall(host: Host, simulator: Simulator): Promise<SimulatedCall> {
  const headers = { "content-type": "application/sdp", "cookie": await cookieOf("alice", COOKIE_SECRET) };
  const response = await fetch(`${host.url}/realtime/calls`, { method: "POST", headers, body: WHOLE_OFFER });
  await assertAnswerWithout(response);
  assertEquals(response.status, 201, `${await response.text()} ${host.output}`);
  return simulator.calls.find(({ id }) => id === response.headers.get("x-realtime-call-id"))!;
}

/** The caller's data channel: sends events, and waits for those that match. */
function openChannel(call: SimulatedCall): {
  send(event: Record<string, unknown>): void;
  until(isIt: (event: Record<string, unknown>) => boolean): Promise<void>;
} {
  const channel = call.openChannel();
  const waiting: { isIt: (event: Record<string, unknown>) => boolean; resolve: () => void }[] = [];
  channel.listen({
    message: (frame) => {
      const event = JSON.parse(`${frame}`);
      for (const { isIt, resolve } of waiting) if (isIt(event)) resolve();
    },
    close: () => {},
  });
  return {
    send: (event) => channel.send(JSON.stringify(event)),
    until: (isIt) => new Promise((resolve) => waiting.push({ isIt, resolve })),
  };
}

/** Makes the model use the tool of the bakery, and waits for its result. */
async function askForHours(channel: ReturnType<typeof openChannel>): Promise<void> {
  const answered = channel.until(({ item, type }) =>
    type === "conversation.item.added" && (item as { type: string }).type === "function_call_output"
  );
  const content = [{ type: "input_text", text: "Please use the opening_hours tool for sunday." }];
  channel.send({ type: "conversation.item.create", item: { type: "message", role: "user", content } });
  channel.send({ type: "response.create" });
  await answered;
}

Deno.test("a Durable Object runs the tools of a call, and ends the call at its maximum duration", async () => {
  await using api = serveSimulator();
  await using host = await startWorker({ ...api.env, MAX_CALL_SECONDS: "2" });
  const call = await startCall(host, api.simulator);
  await askForHours(openChannel(call));
  assertEquals((await call.ended).reason, "hangup");
  assertWithout(host.output, [COOKIE_SECRET]);
});

Deno.test("a Durable Object re-attaches to its call after the Worker was killed", async () => {
  await using api = serveSimulator();
  const persist = await Deno.makeTempDir();
  try {
    const env = { ...api.env, HEARTBEAT_SECONDS: "1" };
    let call: SimulatedCall;
    {
      await using host = await startWorker(env, persist);
      call = await startCall(host, api.simulator);
    }
    const channel = openChannel(call);
    const attached = channel.until(({ type }) => type === "session.updated");
    await using _host = await startWorker(env, persist);
    await attached;
    await askForHours(channel);
    call.hangUp();
  } finally {
    await Deno.remove(persist, { recursive: true });
  }
});
