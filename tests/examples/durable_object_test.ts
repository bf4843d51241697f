import { assert, assertEquals } from "@std/assert";
import { createSimulator, denoUpgrade } from "../../src/simulator/mod.ts";
import { type RoomState, TalkRoom } from "../../examples/durable_object/talk_room.ts";
import { bundleModule } from "../_tools/bundle.ts";
import { ROOT } from "../_tools/repository.ts";
import { startServer } from "../_tools/servers/server_process.ts";
import { textOf } from "../../src/session/_conversation/item_content.ts";

/** A simulator on a port, which repeats the user's words. */
function serveSimulator() {
  const simulator = createSimulator({ pace: "fast", upgrade: denoUpgrade(Deno.upgradeWebSocket) });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => simulator.fetch(request));
  return {
    simulator,
    baseUrl: `http://127.0.0.1:${server.addr.port}/v1`,
    texts: () => simulator.sessions.map(({ items }) => items.map((item) => textOf(item))),
    [Symbol.asyncDispose]: async () => {
      await simulator.close();
      await server.shutdown();
    },
  };
}

/** The state of an object, and the messages sent to its pages. */
function makeState() {
  const stored = new Map<string, unknown>();
  const sent: string[] = [];
  const alarms: number[] = [];
  const state: RoomState = {
    storage: {
      get: (key) => Promise.resolve(stored.get(key) as never),
      put: (key, value) => Promise.resolve(void stored.set(key, structuredClone(value))),
      delete: (key) => Promise.resolve(stored.delete(key)),
      list: ({ prefix }) =>
        Promise.resolve(new Map([...stored].filter(([key]) => key.startsWith(prefix)).sort() as never)),
      setAlarm: (unixMs) => Promise.resolve(void alarms.push(unixMs)),
    },
    acceptWebSocket() {},
    getWebSockets: () => [{ send: (text) => void sent.push(text), close() {} }],
  };
  return { alarms, sent, state, stored };
}

const PAGE = { send() {}, close() {} };

Deno.test("a Durable Object that wakes up continues the stored conversation", async () => {
  await using server = serveSimulator();
  const env = { OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: server.baseUrl };
  const { alarms, sent, state } = makeState();
  const first = new TalkRoom(state, env);
  await first.webSocketMessage(PAGE, "My name is Ada.");
  assertEquals(sent.length, 1);
  assert(alarms.at(-1)! > Date.now() + 50_000);
  const before = server.texts()[0]!;
  assertEquals(before.length, 2);
  // There was no request for long: the connection, which would keep the object awake, is closed.
  await first.alarm();
  assertEquals(server.texts(), []);
  // The memory is gone.
  const second = new TalkRoom(state, env);
  await second.webSocketMessage(PAGE, "What is my name?");
  assertEquals([sent.length, server.texts().length], [2, 1]);
  assertEquals(server.texts()[0]!.slice(0, 3), [...before, "What is my name?"]);
  await second.alarm();
});

Deno.test("a question that cannot be answered does not block those that follow", async () => {
  await using server = serveSimulator();
  const { sent, state, stored } = makeState();
  const refused: string[] = [];
  const page = { send: (text: string) => void refused.push(text), close() {} };
  const room = new TalkRoom(state, { OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: server.baseUrl });
  for (const question of [new ArrayBuffer(2), "x".repeat(3_000_000)]) await room.webSocketMessage(page, question);
  assertEquals([refused.length, stored.size], [2, 0]);
  await room.webSocketMessage(page, "One");
  assertEquals(sent.length, 1);
  await room.alarm();
});

Deno.test("a question left unanswered by a restart is answered by the alarm, once", async () => {
  await using server = serveSimulator();
  const env = { OPENAI_API_KEY: "sk-test", OPENAI_BASE_URL: server.baseUrl };
  const { sent, state, stored } = makeState();
  await state.storage.put("question:1:a", "Are you there?");
  const room = new TalkRoom(state, env);
  await room.alarm();
  assertEquals([sent.length, [...stored.keys()].filter((key) => key.startsWith("question:"))], [1, []]);
  // Two pages at once are answered one after the other.
  await Promise.all([room.webSocketMessage(PAGE, "One"), room.webSocketMessage(PAGE, "Two")]);
  assertEquals(sent.length, 3);
  assertEquals(server.texts()[0]!.filter((text) => text === "One" || text === "Two").length, 2);
  await room.alarm();
});

/** Serves a Worker of `tests/` or `examples/` with its rooms, in workerd, until the stack is disposed of. */
async function serveRooms(
  stack: AsyncDisposableStack,
  module: string,
  className: string,
  variables: Readonly<Record<string, string>>,
): Promise<() => ReturnType<typeof startServer>> {
  const worker = await Deno.makeTempFile({ suffix: ".mjs" });
  stack.defer(() => Deno.remove(worker));
  const storage = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(storage, { recursive: true }));
  await Deno.writeTextFile(worker, await bundleModule(ROOT, module, ["--platform", "browser"]));
  const objects = { ROOMS: { className, useSQLite: true } };
  const args = [worker, JSON.stringify({ OPENAI_API_KEY: "sk-test", ...variables }), JSON.stringify(objects), storage];
  return () =>
    startServer(Deno.execPath(), ["run", "-A", "--no-check", "tests/examples/_miniflare.ts", ...args], { cwd: ROOT });
}

/** A page in a room. */
async function enter(url: string) {
  const page = new WebSocket(`${url.replace("http", "ws")}/rooms/1`);
  const failed = new Promise<never>((_, reject) => {
    page.onclose = ({ code }) => reject(new Error(`The page was closed with code ${code}`));
  });
  failed.catch(() => {});
  await Promise.race([new Promise((resolve) => page.onopen = resolve), failed]);
  return {
    ask(text: string): Promise<string> {
      const answer = new Promise<string>((resolve) => page.onmessage = ({ data }) => resolve(data));
      page.send(text);
      return Promise.race([answer, failed]);
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => page.onclose = resolve);
      page.close();
      await closed;
    },
  };
}

Deno.test("a Durable Object in workerd continues after its process was restarted", { timeout: 50_000 }, async () => {
  await using stack = new AsyncDisposableStack();
  await using server = serveSimulator();
  const start = await serveRooms(stack, "examples/durable_object/worker.ts", "TalkRoom", {
    OPENAI_BASE_URL: server.baseUrl,
  });
  {
    await using workerd = await start();
    await using page = await enter(workerd.url);
    await page.ask("My name is Ada.");
  }
  await using workerd = await start();
  await using page = await enter(workerd.url);
  await page.ask("What is my name?");
  const texts = server.texts().find((texts) => texts.includes("What is my name?"))!;
  assertEquals(texts.filter((text) => text === "My name is Ada.").length, 1);
  assertEquals(texts.length, 4);
});

Deno.test(
  "a Durable Object in workerd hibernates while its page stays connected, and continues",
  { timeout: 50_000 },
  async () => {
    await using stack = new AsyncDisposableStack();
    await using server = serveSimulator();
    const start = await serveRooms(stack, "tests/examples/_counted_room.ts", "CountedRoom", {
      OPENAI_BASE_URL: server.baseUrl,
      IDLE_SECONDS: "1",
    });
    await using workerd = await start();
    await using page = await enter(workerd.url);
    await page.ask("My name is Ada.");
    assertEquals(await page.ask("births"), "1");
    // A room that is connected to the API stays in memory; one that is not is evicted after ten seconds of real time.
    let births = "1";
    for (let attempt = 0; attempt < 3 && births === "1"; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 11_500));
      births = await page.ask("births");
    }
    assertEquals([births, server.texts()], ["2", []]);
    await page.ask("What is my name?");
    assertEquals(server.texts().map(([first, , last]) => [first, last]), [["My name is Ada.", "What is my name?"]]);
  },
);
