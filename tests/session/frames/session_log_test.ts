import { assert, assertEquals, assertMatch } from "@std/assert";
import { connect } from "../../../src/connect.ts";
import type { Logger } from "../../../src/session/mod.ts";
import { createSimulator } from "../../../src/simulator/mod.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { defineTool } from "../../../src/tools/mod.ts";
import { acknowledgeItem, functionCallEvents, open } from "../_fake_server.ts";

/** A logger that keeps its lines, with the level in front. */
function keep(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const take = (level: string) => (line: string) => void lines.push(`${level} ${line}`);
  return { lines, logger: { debug: take("debug"), info: take("info"), warn: take("warn"), error: take("error") } };
}

Deno.test("logger receives the start, every event in both directions in order, and the end", async () => {
  const { logger, lines } = keep();
  const { server, session } = await open({ logger });
  await server.clock.advance(1500);
  session.send({ type: "input_audio_buffer.clear", event_id: "event_1" });
  server.emit({ type: "input_audio_buffer.cleared" });
  await server.settle();
  await session.close();
  const [opened, created, update, updated, clear, cleared, closed, ...rest] = lines;
  assertEquals(opened, 'info 0 ms session {"type":"opened","url":"wss://fake.example/v1/realtime"}');
  assertMatch(created!, /^debug 0 ms received \{.*"session\.created"/);
  assertMatch(update!, /^debug 0 ms sent \{"type":"session\.update"/);
  assertMatch(updated!, /^debug 0 ms received \{.*"session\.updated"/);
  assertEquals(clear, 'debug 1500 ms sent {"type":"input_audio_buffer.clear","event_id":"event_1"}');
  assertMatch(cleared!, /^debug 1500 ms received \{.*"input_audio_buffer\.cleared"/);
  assertMatch(closed!, /^info 1500 ms session \{"type":"closed","code":1000/);
  assertEquals(rest, []);
});

Deno.test("logger levels follow the severity of an event", async () => {
  const { logger, lines } = keep();
  const tool = defineTool({ name: "bad", run: () => Promise.reject(new RangeError("Out of range")) });
  const { server, session } = await open({ logger, tools: [tool], limits: { maxDurationMs: 1000 } });
  lines.length = 0;
  session.on("input_audio_buffer.cleared", () => {
    throw new Error("Broken");
  });
  server.emit(...functionCallEvents("resp_1", "call_1", "bad"));
  await server.settle();
  acknowledgeItem(server);
  await server.settle();
  server.emit({ type: "input_audio_buffer.cleared" });
  server.refuse(null);
  server.emitText("not JSON");
  await server.clock.advance(1000);
  await session.closed;
  const notable = lines.filter((line) => !line.startsWith("debug"));
  const types = notable.map((line) => line.replace(/^(\w+) .*?"type":"(\w+)".*$/, "$1 $2"));
  assertEquals(types, [
    "warn tool_call_failed",
    "error listener_failed",
    "warn error",
    "warn malformed_event",
    "warn limit_reached",
    "info closed",
  ]);
  assert(notable[0]!.includes('"error":"RangeError: Out of range"'), notable[0]);
});

Deno.test("logger receives neither audio nor secrets, and no line above its length limit", async () => {
  const { logger, lines } = keep();
  const { server, session } = await open({ logger });
  lines.length = 0;
  session.appendAudio(new Uint8Array(30));
  session.send({ type: "session.update", session: { type: "realtime", instructions: "Use sk-abcdefghijk!" } });
  server.emit({ type: "response.output_audio.delta", delta: "QUJD", response_id: "r" });
  server.emit({ type: "response.output_text.delta", delta: "é".repeat(2000), response_id: "r" });
  await server.settle();
  assertEquals(lines[0], 'debug 0 ms sent {"type":"input_audio_buffer.append","audio":"(40 characters)"}');
  assert(lines[1]!.includes("Use sk-…!"), lines[1]);
  assert(lines[2]!.includes('"delta":"(4 characters)"'), lines[2]);
  assertMatch(lines[3]!, /é… \(\d+ more bytes\)$/);
  await session.close();
});

Deno.test("an exception of the logger is reported once for each event, and the session continues", async () => {
  const fail = () => {
    throw new Error("The disk is full");
  };
  for (const broken of [fail, () => Promise.reject(new Error("The disk is full")), undefined]) {
    const failures: unknown[] = [];
    const { server, session } = await open({
      logger: { debug: broken, info() {}, warn() {}, error: broken } as unknown as Logger,
      onUnhandled: (_error, event) => failures.push(event.type === "listener_failed" && event.eventType),
    });
    failures.length = 0;
    session.send({ type: "input_audio_buffer.clear" });
    server.emit({ type: "input_audio_buffer.cleared" });
    await server.settle();
    assertEquals(failures, ["input_audio_buffer.clear", "input_audio_buffer.cleared"]);
    await session.close();
  }
});

Deno.test("a logger that throws or rejects does not affect the session, and console works as a logger", async () => {
  const fail = () => {
    throw new Error("The disk is full");
  };
  const failLater = async () => await Promise.reject(new Error("The disk is full"));
  const loggers: readonly Logger[] = [{ debug: fail, info: fail, warn: fail, error: fail }, {
    debug: failLater,
    info: failLater,
    warn: failLater,
    error: failLater,
  }, {
    ...console,
    debug() {},
    info() {},
  }];
  for (const logger of loggers) {
    const clock = createVirtualClock();
    const { dial } = createSimulator({ clock });
    const connecting = connect({ apiKey: "sk-test", dial, clock, logger, onUnhandled() {} });
    await clock.advance(1000);
    const closing = (await connecting).close();
    await clock.advance(1000);
    assertEquals((await closing).code, 1000);
  }
});
