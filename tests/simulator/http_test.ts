import { assert, assertEquals, assertObjectMatch } from "@std/assert";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { denoUpgrade } from "../../src/simulator/upgrade.ts";

Deno.test("fetch() answers what it does not know in the API's form", async () => {
  const simulator = createSimulator();
  const ask = async (path: string, headers: HeadersInit = {}) => {
    const response = await simulator.fetch(new Request(`http://simulator${path}`, { headers }));
    return [response.status, (await response.json()).error.message];
  };
  assertEquals(await ask("/v1/chat"), [404, "Invalid URL (GET /v1/chat)"]);
  assertEquals(await ask("/v1/realtime"), [426, "This endpoint speaks WebSocket: send a request to upgrade"]);
  assertEquals(await ask("/v1/realtime", { upgrade: "websocket" }), [
    501,
    "Cannot upgrade to a WebSocket as the simulator was created without upgrade",
  ]);
});

Deno.test("fetch() serves sessions over a real socket, and answers with the protocol `realtime`", async () => {
  await using simulator = createSimulator({ pace: "fast", upgrade: denoUpgrade(Deno.upgradeWebSocket) });
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, simulator.fetch);
  const url = `ws://127.0.0.1:${server.addr.port}/v1/realtime?model=gpt-realtime`;
  const socket = new WebSocket(url, ["realtime", "openai-insecure-api-key.sk-test"]);
  const frames: Record<string, unknown>[] = [];
  const ended = new Promise<CloseEvent>((resolve) => socket.onclose = resolve);
  await new Promise<void>((resolve) => {
    socket.onmessage = ({ data }) => {
      frames.push(JSON.parse(data));
      if (frames.at(-1)?.type === "session.created") socket.send(new Uint8Array([1, 2, 3]));
      if (frames.at(-1)?.type === "error") socket.send('{"type":"response.create","event_id":"go"}');
      if (frames.at(-1)?.type === "response.done") resolve();
    };
  });
  assertEquals(socket.protocol, "realtime");
  assertObjectMatch(frames[1]!, { type: "error", error: { code: "invalid_event" } });
  assert(frames.some(({ type }) => type === "response.output_audio.delta"));
  simulator.sessions[0]?.close(1001, "Your session hit the maximum duration of 60 minutes.");
  const { code, reason } = await ended;
  assertEquals([code, reason], [1001, "Your session hit the maximum duration of 60 minutes."]);
});

Deno.test("fetch() lets a refused connection be upgraded before it is refused", async () => {
  await using simulator = createSimulator({ upgrade: denoUpgrade(Deno.upgradeWebSocket) });
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, simulator.fetch);
  const socket = new WebSocket(`ws://127.0.0.1:${server.addr.port}/v1/realtime?model=gpt-nope`, {
    headers: { Authorization: "Bearer sk-test" },
  });
  const seen: unknown[] = [];
  socket.onopen = () => seen.push("open");
  socket.onmessage = ({ data }) => seen.push(JSON.parse(data).error.code);
  const { code, reason } = await new Promise<CloseEvent>((resolve) => socket.onclose = resolve);
  assertEquals([...seen, code, reason], [
    "open",
    "invalid_model",
    4000,
    "invalid_request_error.invalid_model",
  ]);
});
