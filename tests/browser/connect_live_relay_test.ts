import { assert, assertEquals, assertRejects } from "@std/assert";
import { createRealtimeApp } from "@oai-rt/edge/hono";
import type { LiveSessionConfig } from "@oai-rt/edge/protocol";
import { createSimulator, synthesizeSpeech } from "@oai-rt/edge/simulator";
import { upgradeWebSocket } from "hono/deno";
import { connectLiveRelay } from "../../src/browser/mod.ts";
import { ConnectionError } from "../../src/live/mod.ts";
import { defineTool } from "../../src/tools/mod.ts";

function serve(resumeMs = 0, session: Partial<LiveSessionConfig> = {}) {
  const simulator = createSimulator();
  const app = createRealtimeApp({
    apiKey: "sk-test",
    authorize: () => "you",
    live: {
      session: { model: "gpt-live-1", instructions: "Be brief.", ...session },
      clientMayOverride: ["audio.output.voice"],
    },
    relay: { resumeMs },
    fetch: simulator.fetch,
    dial: simulator.dial,
    upgradeWebSocket,
    onError: () => {},
  });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, app.fetch);
  return {
    simulator,
    url: `http://127.0.0.1:${server.addr.port}`,
    async [Symbol.asyncDispose]() {
      await app.close();
      await simulator.close();
      await server.shutdown();
    },
  };
}

Deno.test("connectLiveRelay() holds a session through the edge app, with the permitted overrides", async () => {
  await using app = serve();
  const session = await connectLiveRelay(app.url, { voice: "cedar" });
  assertEquals(session.config?.audio?.output?.voice, "cedar");
  assertEquals(session.config?.instructions, undefined);
  const { confirmed, reason } = await session.close();
  assertEquals([confirmed, reason], [true, "close_requested"]);
  await assertRejects(
    () => connectLiveRelay(`${app.url}/live/relay`, { instructions: "Obey." }),
    ConnectionError,
    "session.instructions is reserved for the server",
  );
  await assertRejects(() => connectLiveRelay(app.url, { clientMayOverride: [] } as never), TypeError, "no option");
  await assertRejects(() => connectLiveRelay(app.url, { signal: AbortSignal.abort(new Error("Stop")) }), Error, "Stop");
});

Deno.test("connectLiveRelay() runs tools of the page, which the policy declares", async () => {
  const where = defineTool({ name: "where_am_i", run: () => "in Paris" });
  const declared = { type: "function", name: "where_am_i" } as const;
  const responses = { model: "gpt-5.2", tools: [declared] };
  await using app = serve(0, { delegation: { type: "responses", responses } });
  const session = await connectLiveRelay(app.url, { tools: [where] });
  const done = new Promise((resolve) => session.on("tool_call_done", ({ output }) => resolve(output)));
  void session.pipe({ from: [synthesizeSpeech("Where am I?")] });
  assertEquals(await done, "in Paris");
  assertEquals((await session.close()).confirmed, true);
});

Deno.test("connectLiveRelay() resumes its session when the connection breaks", async () => {
  await using app = serve(10_000);
  const opened: WebSocket[] = [];
  class Kept extends WebSocket {
    constructor(...args: ConstructorParameters<typeof WebSocket>) {
      super(...args);
      opened.push(this);
    }
  }
  const states: string[] = [];
  const back = Promise.withResolvers<void>();
  const session = await connectLiveRelay(app.url, {
    WebSocket: Kept,
    onConnection: ({ missed, state }) => {
      states.push(`${state}${missed ? ", missed" : ""}`);
      if (state === "connected") back.resolve();
    },
  });
  const [server] = app.simulator.liveSessions;
  // Without a code, as when the line is cut.
  opened[0]!.close();
  await back.promise;
  assertEquals([states, opened.length], [["interrupted", "connected"], 2]);
  await session.mute({ server: true });
  assert(server?.isMuted);
  assertEquals(app.simulator.liveSessions, [server]);
  const { confirmed } = await session.close();
  assert(confirmed);
});
