import { createOpenAI } from "@ai-sdk/openai";
import { assert, assertEquals } from "@std/assert";
import { WebSocket } from "ws";
import { createSimulator, denoUpgrade } from "../../src/simulator/mod.ts";

/** Milliseconds that an event may take. */
const PATIENCE_MS = 10_000;

const TOOL = {
  type: "function" as const,
  name: "get_weather",
  description: "Weather of a city.",
  parameters: { type: "object" as const, properties: { city: { type: "string" as const } }, required: ["city"] },
};

Deno.test("The AI SDK holds a text turn and a tool round with a client secret, over the package ws", async () => {
  await using simulator = createSimulator({ pace: "fast", upgrade: denoUpgrade(Deno.upgradeWebSocket) });
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, simulator.fetch);
  const baseURL = `http://127.0.0.1:${server.addr.port}/v1`;
  const model = createOpenAI({ apiKey: "sk-test", baseURL }).experimental_realtime("gpt-realtime-2.1");
  assert("doCreateClientSecret" in model && model.getWebSocketConfig);
  const sessionConfig = { instructions: "Be brief.", outputModalities: ["text" as const], tools: [TOOL] };
  const secret = await model.doCreateClientSecret({ expiresAfterSeconds: 60, sessionConfig });
  // The SDK writes wss: whatever the base URL.
  const { protocols, url } = model.getWebSocketConfig({ ...secret, url: secret.url.replace("wss:", "ws:") });
  const socket = new WebSocket(url, protocols);

  type Event = Exclude<Awaited<ReturnType<typeof model.parseServerEvent>>, readonly unknown[]>;
  const events: Event[] = [];
  let wake = () => {};
  socket.on("message", async (data: unknown) => {
    events.push(...[await model.parseServerEvent(JSON.parse(String(data)))].flat());
    wake();
  });
  const next = async <Type extends Event["type"]>(type: Type): Promise<Event & { readonly type: Type }> => {
    const late = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const index = events.findIndex((event) => event.type === type);
      if (index >= 0) return events.splice(0, index + 1).at(-1) as Event & { readonly type: Type };
      late.throwIfAborted();
      await new Promise<void>((resolve) => {
        wake = resolve;
        late.onabort = () => resolve();
      });
    }
  };
  const send = async (event: Parameters<typeof model.serializeClientEvent>[0]) =>
    socket.send(JSON.stringify(await model.serializeClientEvent(event)));
  const ask = async (item: Extract<Parameters<typeof send>[0], { type: "conversation-item-create" }>["item"]) => {
    await send({ type: "conversation-item-create", item });
    await send({ type: "response-create" });
  };

  await next("session-created");
  await ask({ type: "text-message", role: "user", text: "Hello there." });
  assertEquals((await next("text-done")).text, "You said: Hello there.");
  await next("response-done");
  await ask({ type: "text-message", role: "user", text: "What is the weather in Oslo?" });
  const { arguments: json, callId, name } = await next("function-call-arguments-done");
  assertEquals([name, json], ["get_weather", '{"city":"Oslo"}']);
  await next("response-done");
  await ask({ type: "function-call-output", callId, name, output: "foggy" });
  assertEquals((await next("text-done")).text, "get_weather answered: foggy.");

  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.close();
  await closed;
});
