import { assertEquals, assertRejects } from "@std/assert";
import { toBytes } from "../../src/audio/mod.ts";
import { connect } from "../../src/connect.ts";
import { RealtimeApiError } from "../../src/errors.ts";
import type { SessionHost } from "../../src/session/mod.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import { defineTool } from "../../src/tools/mod.ts";
import { tone } from "../simulator/_sound.ts";
import { called, scripted } from "../simulator/_simulated_model.ts";
import { functionCallEvents, open, responseDone } from "./_fake_server.ts";

for (const intent of [undefined, "transcription"] as const) {
  Deno.test(`commits of a ${intent ?? "realtime"} session settle with their own answers, though errors come two seconds late`, async () => {
    const clock = createVirtualClock();
    const simulator = createSimulator({ clock, pace: "fast", latency: { ackMs: 10, errorMs: 2000 } });
    const opening = connect({ apiKey: "sk-test", dial: simulator.dial, clock, intent, turnDetection: null });
    await clock.advance(100);
    const session = await opening;
    const committed: string[] = [];
    session.on("input_audio_buffer.committed", ({ item_id }) => committed.push(item_id));
    const audio = (ms: number) => session.appendAudio(toBytes(tone(ms)));
    audio(50);
    await assertRejects(() => session.commitAudio(), RangeError, "current value is 50 ms");
    // Faults that the local check does not find are refused by the server, two seconds late.
    session.send({ type: "input_audio_buffer.commit" });
    audio(200);
    const first = session.commitAudio();
    audio(300);
    const second = session.commitAudio();
    await clock.advance(10_000);
    assertEquals([await first, await second], committed);
    assertEquals(new Set(committed).size, 2);
    await session.close();
  });
}

Deno.test("a tool whose outputs are all refused runs once, and is not followed up", async () => {
  let runs = 0;
  const { server, session } = await open({ tools: [defineTool({ name: "count", run: () => ++runs })] });
  server.takesOutputs = false;
  session.respond();
  await server.settle();
  for (let round = 0; server.sentOf("response.create").length > round && round < 300; round++) {
    server.create(`resp_${round}`);
    server.emit(...functionCallEvents(`resp_${round}`, `call_${round}`, "count"), responseDone(`resp_${round}`));
    await server.settle();
    server.refuse(server.last("conversation.item.create").event_id);
    await server.clock.advance(100);
  }
  assertEquals([runs, server.sentOf("response.create").length], [1, 1]);
  await session.close();
});

Deno.test("repeated tool calls are followed up at most sixteen times", async () => {
  let runs = 0;
  const clock = createVirtualClock();
  const { createModel } = scripted(...Array.from({ length: 400 }, () => [called("count", {})]));
  const simulator = createSimulator({ clock, pace: "fast", createModel });
  const tools = [defineTool({ name: "count", run: () => ++runs })];
  const opening = connect({ apiKey: "sk-test", dial: simulator.dial, clock, tools, turnDetection: null });
  await clock.advance(100);
  const session = await opening;
  let created = 0;
  session.on("response.created", () => created++);
  const asked = session.ask("Count!");
  await clock.advance(60_000);
  assertEquals([runs, created], [17, 17]);
  assertEquals((await asked).calls.length, 17);
  await session.close();
});

Deno.test("an error without an event id rejects the only command in flight, but none of two", async () => {
  const { server, session } = await open();
  const update = session.update({ instructions: "x" });
  const item = session.sendMessage("Hello");
  await server.settle();
  server.refuse(null);
  await server.settle();
  server.emit({ type: "session.updated", session: { type: "realtime", instructions: "x" } });
  await update;
  server.refuse(null);
  await assertRejects(() => item, RealtimeApiError);
  await session.close();
});

Deno.test("the accepted configuration holds confirmed settings, and none that an error without an event id refused", async () => {
  const { server, session } = await open();
  let host: SessionHost | undefined;
  session.install({
    name: "onlooker",
    install: (its) => {
      host = its;
      return {};
    },
  });
  const refused = session.update({ instructions: "refused" });
  await server.settle();
  server.refuse(null);
  await assertRejects(() => refused, RealtimeApiError);
  const updated = session.update({ tracing: "auto" }, { timeoutMs: 20_000 });
  session.send({ type: "session.update", session: { type: "realtime", tool_choice: "none" } });
  // The error may have meant another event, so an answer may still arrive until then.
  await server.clock.advance(10_000);
  server.emit({ type: "session.updated", session: { type: "realtime", instructions: "before", tracing: "auto" } });
  await updated;
  assertEquals<unknown>(host?.accepted.value, { type: "realtime", tracing: "auto" });
  server.emit({ type: "session.updated", session: { type: "realtime", instructions: "before", tool_choice: "none" } });
  await server.settle();
  assertEquals<unknown>(host?.accepted.value, { type: "realtime", tracing: "auto", tool_choice: "none" });
  await session.close();
});
