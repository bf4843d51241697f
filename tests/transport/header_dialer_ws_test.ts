import { assertEquals } from "@std/assert";
import WebSocket from "ws";
import { connect } from "../../mod.ts";
import { createHeaderDialer } from "../../src/transport/mod.ts";
import { createSimulator, denoUpgrade } from "../../src/simulator/mod.ts";

Deno.test("createHeaderDialer() takes the class of npm ws, which Deno's own socket is slower than", async () => {
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
