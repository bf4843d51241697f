import { assertEquals } from "@std/assert";
import WebSocket from "ws";
import { connect } from "../../mod.ts";
import { connectWebSocket, createHeaderDialer } from "../../src/transport/mod.ts";
import { createSimulator, denoUpgrade } from "../../src/simulator/mod.ts";

Deno.test("the sockets of npm ws send pings, and report pongs", async () => {
  const simulator = createSimulator({ upgrade: denoUpgrade(Deno.upgradeWebSocket) });
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, simulator.fetch);
  const transport = await connectWebSocket({
    apiKey: "sk-test",
    baseUrl: `http://127.0.0.1:${server.addr.port}/v1`,
    dial: createHeaderDialer({ WebSocket }),
  });
  for (let count = 0; count < 2; count++) await new Promise<void>((resolve) => transport.ping!(resolve));
  await transport.close();
  await simulator.close();
  await server.shutdown();
});

Deno.test("createHeaderDialer() accepts the WebSocket class of npm ws", async () => {
  const simulator = createSimulator({ upgrade: denoUpgrade(Deno.upgradeWebSocket) });
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, simulator.fetch);
  const dial = createHeaderDialer({ WebSocket });
  const session = await connect({ apiKey: "sk-test", baseUrl: `http://127.0.0.1:${server.addr.port}/v1`, dial });
  await session.sendMessage("Good morning!");
  const { status } = await session.respond({ outputModalities: ["text"] }).done;
  assertEquals([status, (await session.close()).code], ["completed", 1000]);
  await simulator.close();
  await server.shutdown();
});
