import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ConnectionError } from "../../../src/errors.ts";
import { defineTool } from "../../../src/tools/mod.ts";
import { textOf } from "../../../src/session/_conversation/item_content.ts";
import { toBytes } from "../../../src/audio/mod.ts";
import type { Socket, SocketListener } from "../../../src/transport/socket.ts";
import { tone } from "../../simulator/_sound.ts";
import { called, scripted, written } from "../../simulator/_simulated_model.ts";
import { openWorld } from "./_world.ts";

Deno.test("a session continues after a drop, with its conversation and the last confirmed configuration", async () => {
  const { clock, end, events, server, session, simulator, until } = await openWorld({ instructions: "Be brief." });
  await until(session.ask("My name is Ada."));
  await until(session.update({ instructions: "Be kind." }));
  const refused = session.update({ model: "nonsense" } as never).catch(() => "refused");
  await until(refused);
  const before = session.conversation.getSnapshot().map(({ id, text }) => [id, text]);
  server().fault({ type: "drop" });
  await clock.advance(0);
  assertEquals(session.state, "reconnecting");
  await clock.advance(1000);
  assertEquals(session.state, "open");
  assertEquals(simulator.sessions.length, 1);
  assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered"]);
  const [reconnecting, recovered] = events;
  assert(reconnecting?.type === "reconnecting" && recovered?.type === "recovered");
  assertEquals(reconnecting.attempt, 1);
  assert(reconnecting.delayMs >= 0 && reconnecting.delayMs <= 250);
  assert(reconnecting.cause instanceof ConnectionError);
  assertEquals<readonly unknown[]>(recovered.restored, before.map(([id]) => id));
  assertEquals(recovered.lost, []);
  assert(recovered.gapMs >= reconnecting.delayMs && recovered.gapMs <= 300);
  assert(recovered.replayedTokens > 5);
  assertEquals(server().items.map((item) => [(item as { id?: string }).id, textOf(item)]), before);
  assertEquals((server().session as { instructions?: string }).instructions, "Be kind.");
  assertEquals((server().session as { output_modalities?: unknown }).output_modalities, ["text"]);
  // The view is the same, without duplicates.
  assertEquals(session.conversation.getSnapshot().map(({ id, text }) => [id, text]), before);
  const outcome = await until(session.ask("What is my name?"));
  assertEquals(outcome.status, "completed");
  assertEquals(session.conversation.getSnapshot().length, before.length + 2);
  await end();
  assertEquals(clock.pending, 0);
});

/** A socket that ends with the event that `isLast` accepts, in the same task. */
function endsWith(socket: Socket, isLast: (type: string) => boolean): Socket {
  return Object.assign(Object.create(socket) as Socket, {
    send: (frame: string) => socket.send(frame),
    close: (code?: number, reason?: string) => socket.close(code, reason),
    listen: ({ close, message }: SocketListener) =>
      socket.listen({
        message: (data) => {
          message(data);
          if (!isLast(JSON.parse(String(data)).type)) return;
          close({ code: 1006, reason: "" });
          socket.close();
        },
        close,
      }),
  });
}

Deno.test("audio that waited for a connection which ends as it opens reaches the one after it, once", async () => {
  // The last answer before the line opens: to the configuration, or to the replayed message.
  for (const isReplayed of [false, true]) {
    let dialed = 0;
    const endsAsItOpens = (socket: Socket): Socket => {
      let updates = 0;
      return endsWith(
        socket,
        (type) => dialed === 2 && type === "session.updated" && updates++ >= Number(isReplayed),
      );
    };
    const world = await openWorld({ turnDetection: null }, {}, (attempt) => void (dialed = attempt), endsAsItOpens);
    const { clock, end, events, server, session, until } = world;
    if (isReplayed) await until(session.sendMessage("Hello."));
    server().fault({ type: "drop" });
    await clock.advance(0);
    session.appendAudio(toBytes(tone(500)));
    session.appendAudio(toBytes(tone(300)));
    await clock.advance(3000);
    const types = ["reconnecting", "recovered", "reconnecting", "recovered"];
    assertEquals([events.map(({ type }) => type), session.state], [types, "open"]);
    assertEquals(events.flatMap((event) => event.type === "recovered" ? event.lost : []), []);
    assertEquals(server().audioMsOf(await until(session.commitAudio())), 800);
    await end();
    assertEquals(clock.pending, 0);
  }
});

Deno.test("audio and commands sent while a session does not yet know that its connection has ended are not refused", async () => {
  const { clock, end, server, session, until } = await openWorld({ turnDetection: null });
  const states = new Set<string>();
  server().fault({ type: "drop" });
  for (let turn = 0; turn < 20; turn++) {
    states.add(session.state);
    session.appendAudio(toBytes(tone(100)));
    await null;
  }
  assertEquals([...states], ["open", "reconnecting"]);
  await clock.advance(1000);
  assertEquals(server().audioMsOf(await until(session.commitAudio())), 2000);
  await end();
  assertThrows(() => session.appendAudio(toBytes(tone(100))), ConnectionError);
});

Deno.test("audio that waits behind commits when their connection ends reaches the next one, once", async () => {
  let dialed = 0;
  const endsWithCommit = (socket: Socket) =>
    endsWith(socket, (type) => dialed === 1 && type === "input_audio_buffer.committed");
  const world = await openWorld({ turnDetection: null }, {}, (attempt) => void (dialed = attempt), endsWithCommit);
  const { clock, end, events, server, session, until } = world;
  session.appendAudio(toBytes(tone(500)));
  const first = session.commitAudio();
  session.appendAudio(toBytes(tone(300)));
  const second = assertRejects(() => session.commitAudio(), ConnectionError);
  session.appendAudio(toBytes(tone(200)));
  await until(first);
  await second;
  await clock.advance(3000);
  assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered"]);
  // The audio of the commit that was rejected, and what followed it.
  assertEquals(server().audioMsOf(await until(session.commitAudio())), 500);
  await end();
  assertEquals(clock.pending, 0);
});

Deno.test("close() in any listener while a connection is replaced ends the session, and leaves no connection", async () => {
  for (const type of ["session.created", "session.updated", "reconnecting", "recovered"] as const) {
    const { clock, server, session, simulator } = await openWorld();
    const controller = new AbortController();
    await clock.advance(0);
    server().fault({ type: "drop" });
    session.on(type as "session.created", () => controller.signal.aborted && void session.close(4000, "Enough"));
    controller.abort();
    await clock.advance(0);
    await clock.advance(10_000);
    assertEquals([session.state, simulator.sessions.length, clock.pending], ["closed", 0, 0], type);
    assertEquals(await session.closed, { code: 4000, reason: "Enough", clean: true }, type);
  }
});

Deno.test("recovered is emitted before the waiting events change the conversation", async () => {
  const { clock, end, server, session, until } = await openWorld();
  const itemId = await until(session.sendMessage("Hello."));
  server().fault({ type: "drop" });
  await clock.advance(0);
  const deleting = session.deleteItem(itemId);
  const known: unknown[] = [];
  session.on("recovered", ({ restored }) => void known.push(restored, server().items.map(({ id }) => id)));
  await until(deleting);
  assertEquals([known, server().items], [[[itemId], [itemId]], []]);
  await end();
});

Deno.test("in-flight commands settle with the drop, and later commands wait", async () => {
  const { clock, end, events, server, session, until } = await openWorld();
  server().fault({ type: "silence" });
  const response = session.respond();
  const message = session.sendMessage("Lost?");
  const commands = [message, session.update({ instructions: "x" })];
  const rejections = Promise.all(commands.map((command) => assertRejects(() => command, ConnectionError)));
  await clock.advance(100);
  server().close(1011, "restarting");
  await clock.advance(0);
  await rejections;
  const outcome = await response.done;
  assertEquals(outcome.status, "lost");
  assertEquals(session.state, "reconnecting");
  const later = session.ask("Are you there?");
  assertEquals((await until(later)).status, "completed");
  assertEquals(session.conversation.getSnapshot().map(({ role }) => role), ["user", "assistant"]);
  assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered"]);
  await end();
});

Deno.test("a running tool continues, and its output and the follow-up reach the next connection", async () => {
  const finish = Promise.withResolvers<string>();
  let sessions = 0;
  const models = [scripted([called("slow", {})]), scripted([written("It is done.")])];
  const { clock, end, events, server, session, until } = await openWorld(
    { tools: [defineTool({ name: "slow", run: () => finish.promise })] },
    { createModel: (...args) => models[sessions++]!.createModel(...args) },
  );
  const failed: unknown[] = [];
  session.on("tool_call_failed", (event) => void failed.push(event));
  const done = new Promise((resolve) => session.on("tool_call_done", resolve));
  void session.ask("Do it.");
  await clock.advance(500);
  server().fault({ type: "drop" });
  await clock.advance(0);
  finish.resolve("the output");
  await until(done);
  await clock.advance(1000);
  assertEquals(failed, []);
  assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered"]);
  const types = server().items.map(({ type }) => type);
  assertEquals(types.slice(0, 3), ["message", "function_call", "function_call_output"]);
  assertEquals(types.filter((type) => type === "function_call_output").length, 1);
  await until(session.idle());
  assert(server().items.length > 3, "the model did not read the output");
  await end();
});

Deno.test("an output that the model did not read before a drop is followed up on the next connection", async () => {
  let sessions = 0;
  const models = [scripted([called("fast", {})]), scripted([written("It is done.")])];
  const { clock, end, server, session, until } = await openWorld(
    { tools: [defineTool({ name: "fast", run: () => "the output" })] },
    { createModel: (...args) => models[sessions++]!.createModel(...args) },
  );
  server().fault({ type: "truncate", at: "response.done" });
  const asked = session.ask("Do it.");
  await until(new Promise((resolve) => session.on("tool_call_done", resolve)));
  server().fault({ type: "drop" });
  assertEquals((await until(asked)).status, "lost");
  await clock.advance(3000);
  const items = server().items.map((item) => item.type === "message" ? item.role : item.type);
  assertEquals(items, ["user", "function_call", "function_call_output", "assistant"]);
  await end();
});

Deno.test("a tool that was interrupted before a drop is followed up, as the user was answered meanwhile", async () => {
  const finish = Promise.withResolvers<string>();
  let sessions = 0;
  const talk = ["One.", "Two.", "Three."].map((text) => [written(text)]);
  const models = [scripted(...talk, [called("slow", {})]), scripted([written("Sure.")], [written("It is done.")])];
  const { clock, end, server, session, until } = await openWorld(
    { tools: [defineTool({ name: "slow", run: () => finish.promise })] },
    { createModel: (...args) => models[sessions++]!.createModel(...args) },
  );
  let interrupt = () => {};
  session.install({ name: "barge-in", install: (host) => ({ api: void (interrupt = host.decideInterruptions()) }) });
  for (const text of ["1", "2", "3"]) await until(session.ask(text));
  void session.ask("Do it.");
  await clock.advance(500);
  interrupt();
  server().fault({ type: "drop" });
  await clock.advance(0);
  await until(session.ask("Are you still there?"));
  finish.resolve("the output");
  await until(new Promise((resolve) => session.on("tool_call_done", resolve)));
  await until(session.idle());
  const [last] = server().items.slice(-1);
  assertEquals(last?.type === "message" && last.role, "assistant");
  await end();
});

Deno.test("a tool output sent on a dead connection reaches the next one", async () => {
  let sessions = 0;
  const models = [scripted([called("slow", {})]), scripted([written("It is done.")])];
  const { end, events, server, session, until } = await openWorld(
    { tools: [defineTool({ name: "slow", run: () => "the output" })] },
    { createModel: (...args) => models[sessions++]!.createModel(...args) },
  );
  const failed: unknown[] = [];
  session.on("tool_call_failed", (event) => void failed.push(event));
  const done = new Promise((resolve) => session.on("tool_call_done", resolve));
  // The call still arrives, but its output does not.
  session.on("tool_call_started", () => server().fault({ type: "silence" }));
  const asking = session.ask("Do it.");
  await until(done, 60_000);
  assertEquals((await until(asking)).status, "completed");
  assertEquals([failed, events.map(({ type }) => type)], [[], ["reconnecting", "recovered"]]);
  assertEquals(server().items.map(({ type }) => type), ["message", "function_call", "function_call_output", "message"]);
  await end();
});

Deno.test("the session_expired error settles no command in flight", async () => {
  let sessions = 0;
  const models = [scripted([called("quick", {})]), scripted([written("It is done.")])];
  const { clock, end, events, server, session, until } = await openWorld(
    { tools: [defineTool({ name: "quick", run: () => "the output" })] },
    { createModel: (...args) => models[sessions++]!.createModel(...args), latency: { ackMs: 50 } },
  );
  const failed: unknown[] = [];
  session.on("tool_call_failed", (event) => void failed.push(event));
  session.on("tool_call_started", () => server().fault({ type: "expire", afterMs: 10 }));
  assertEquals((await until(session.ask("Do it."))).status, "completed");
  assertEquals([failed, events.map(({ type }) => type)], [[], ["reconnecting", "recovered"]]);
  const message = assertRejects(() => session.sendMessage("Hello?"), ConnectionError);
  server().fault({ type: "expire", afterMs: 10 });
  await clock.advance(1000);
  await message;
  await end();
});

Deno.test("reconnecting backs off, and recovers when the network returns", async () => {
  let isDown = false;
  const { clock, end, events, server, session, until } = await openWorld({}, {}, () => {
    if (isDown) throw new TypeError("no network").message;
  });
  isDown = true;
  server().fault({ type: "drop" });
  await clock.advance(300_000);
  assertEquals(session.state, "reconnecting");
  const waits = events.flatMap((event) => event.type === "reconnecting" ? [event] : []);
  assertEquals(waits.map(({ attempt }) => attempt), waits.map((_, index) => index + 1));
  assert(waits.length > 20, `${waits.length}`);
  let at = 0;
  for (const { attempt, delayMs } of waits) {
    const most = at < 60_000 ? 2000 : 30_000;
    assert(delayMs <= Math.min(most, 250 * 2 ** (attempt - 1)), `${attempt} ${delayMs}`);
    at += delayMs;
  }
  isDown = false;
  await clock.advance(30_000);
  assertEquals(session.state, "open");
  assertEquals((await until(session.ask("Hello again"))).status, "completed");
  await end();
});

Deno.test("a fatal close ends the session with recovery_failed", async () => {
  for (const code of [3000, 4000, 1008]) {
    const { clock, events, server, session } = await openWorld();
    const states: string[] = [];
    session.on("recovery_failed", () => void states.push(session.state));
    server().fault({ type: "drop", code, reason: "no" });
    await clock.advance(60_000);
    assertEquals((await session.closed).code, code);
    // There is no connection any more.
    assertEquals(states, ["reconnecting"]);
    assertEquals(events.map(({ type }) => type), ["recovery_failed", "closed"]);
    assertEquals(session.state, "closed");
    assertEquals(clock.pending, 0);
  }
});

Deno.test("the last error before a close decides, unless the server has sent something else since", async () => {
  const error = {
    type: "error",
    error: { type: "insufficient_quota", code: "credit_balance_exhausted", message: "No" },
  };
  const cases = [
    [[error], true],
    [[error, "no event"], true],
    [[error, { type: "rate_limits.updated", rate_limits: [] }], false],
    [[{ ...error, type: "rate_limits.updated" }], false],
  ] as const;
  for (const [frames, isFatal] of cases) {
    const { clock, end, events, server, session } = await openWorld();
    for (const frame of frames) {
      server().fault({ type: "garbage", frame: typeof frame === "string" ? frame : JSON.stringify(frame) });
    }
    server().fault({ type: "drop", code: 1011 });
    await clock.advance(5000);
    const [first] = events;
    assertEquals(
      events.map(({ type }) => type),
      isFatal ? ["recovery_failed", "closed"] : ["reconnecting", "recovered"],
    );
    if (first?.type === "recovery_failed") assertEquals(((first.cause as Error).cause as Error).message, "No");
    assertEquals(session.state, isFatal ? "closed" : "open");
    await end();
  }
});

Deno.test("each outage counts its own attempts", async () => {
  const { clock, end, events, server } = await openWorld();
  for (let outage = 0; outage < 2; outage++) {
    server().fault({ type: "drop" });
    await clock.advance(5000);
  }
  assertEquals(events.flatMap((event) => event.type === "reconnecting" ? event.attempt : []), [1, 1]);
  await end();
});

Deno.test("a clean close by the server ends the session without recovery", async () => {
  const { clock, events, server, session } = await openWorld();
  server().fault({ type: "drop", code: 1000 });
  await clock.advance(60_000);
  assertEquals((await session.closed).clean, true);
  assertEquals(events.map(({ type }) => type), ["closed"]);
});

Deno.test("a session gives up after maxAttempts, and everything settles", async () => {
  let isDown = false;
  const { clock, events, server, session, until } = await openWorld({ recovery: { maxAttempts: 3 } }, {}, () => {
    if (isDown) throw new Error("no network");
  });
  isDown = true;
  server().fault({ type: "drop" });
  await clock.advance(0);
  const waiting = session.sendMessage("Held").catch((error) => error);
  const response = session.respond();
  await clock.advance(60_000);
  assert(await waiting instanceof ConnectionError);
  assertEquals((await response.done).status, "lost");
  assertEquals((await session.closed).clean, false);
  // Nothing waits for a connection that never comes.
  await assertRejects(() => until(session.sendMessage("Late")), ConnectionError);
  await assertRejects(() => until(session.ask("Late")), ConnectionError);
  await assertRejects(() => until(session.commitAudio()), Error);
  assertThrows(() => session.send({ type: "input_audio_buffer.clear" }), ConnectionError);
  assertThrows(() => session.appendAudio(new Uint8Array(4800)), ConnectionError);
  assertEquals((await until(session.respond().done)).status, "lost");
  await until(session.idle());
  assertEquals(session.state, "closed");
  assertEquals(events.map(({ type }) => type), [
    "reconnecting",
    "reconnecting",
    "reconnecting",
    "recovery_failed",
    "closed",
  ]);
  assertEquals(clock.pending, 0);
});

Deno.test("close() ends the recovery at any stage", async () => {
  for (const ms of [0, 50, 1000]) {
    let isDown = false;
    let dials = 0;
    const { clock, events, server, session } = await openWorld({}, {}, () => {
      dials++;
      if (isDown) throw new Error("no network");
    });
    isDown = true;
    server().fault({ type: "drop" });
    await clock.advance(ms);
    const waiting = session.sendMessage("Held").catch((error) => error);
    const close = session.close();
    const before = dials;
    await clock.advance(10_000);
    assertEquals(dials, before);
    assertEquals((await close).clean, true);
    assert(await waiting instanceof ConnectionError);
    assert(events.every(({ type }) => type !== "recovery_failed"));
    assertEquals(clock.pending, 0);
  }
});

Deno.test("close() and a drop end a hanging renewal", async () => {
  for (const ends of ["close", "drop"] as const) {
    let isHanging = false;
    const late = Promise.withResolvers<string>();
    const { clock, end, events, server, session, simulator } = await openWorld({
      apiKey: () => isHanging ? late.promise : "sk-test",
    });
    await clock.advance(55 * 60_000 - 1000);
    isHanging = true;
    await clock.advance(3000);
    isHanging = false;
    if (ends === "drop") {
      server().fault({ type: "drop" });
      await clock.advance(1000);
      assertEquals([session.state, events.map(({ type }) => type)], ["open", ["reconnecting", "recovered"]]);
      late.resolve("sk-test");
      await clock.advance(30_000);
      assertEquals([events.length, simulator.sessions.length], [2, 1]);
    }
    await end();
    assertEquals([clock.pending, simulator.sessions.length], [0, 0]);
  }
});

Deno.test("recovery: false ends the session with its connection", async () => {
  const { clock, events, server, session } = await openWorld({ recovery: false });
  server().fault({ type: "drop" });
  await clock.advance(0);
  assertEquals((await session.closed).code, 1006);
  assertEquals(events.map(({ type }) => type), ["closed"]);
});

Deno.test("a lost item keeps its place in the conversation", async () => {
  const { end, events, server, session, until } = await openWorld();
  await until(session.sendMessage("First."));
  server().fault({ type: "drop", at: "response.content_part.added" });
  const recovered = new Promise((resolve) => session.on("recovered", resolve));
  const lost = session.respond();
  await until(recovered);
  assertEquals((await lost.done).status, "lost");
  const [report] = events.filter(({ type }) => type === "recovered");
  assert(report?.type === "recovered");
  assertEquals(report.lost.map(({ kind }) => kind), ["response", "item"]);
  await until(session.ask("Second."));
  const roles = session.conversation.getSnapshot().map(({ role, text }) => `${role}: ${text}`);
  assertEquals(roles, ["user: First.", "assistant: ", "user: Second.", "assistant: You said: Second."]);
  await end();
});

Deno.test("a question is answered on the next connection when the first one drops right after its message", async () => {
  let drops = 1;
  const { clock, end, server, session, until } = await openWorld({}, {}, undefined, (socket) => ({
    bufferedAmount: 0,
    send: (frame) => socket.send(frame),
    close: (code, reason) => socket.close(code, reason),
    listen: ({ close, message }) =>
      socket.listen({
        close,
        message(frame) {
          message(frame);
          if (drops === 0 || !String(frame).includes("conversation.item.added")) return;
          drops--;
          close({ code: 1006, reason: "" });
        },
      }),
  }));
  const asking = session.ask("Are you there?");
  await clock.advance(0);
  assertEquals(session.state, "reconnecting");
  assertEquals((await until(asking)).status, "completed");
  assertEquals(server().items.map(({ type }) => type), ["message", "message"]);
  await end();
});
