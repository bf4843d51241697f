import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { ConnectionError, InvalidEventError, RealtimeApiError } from "../../src/errors.ts";
import { type CommandOptions, Session, type SessionEvent } from "../../src/session/mod.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { defineTool } from "../../src/tools/mod.ts";
import {
  collect,
  FakeServer,
  type Frame,
  functionCallEvents,
  open,
  responseCreated,
  responseDone,
  stateOf,
} from "./_fake_server.ts";

const MESSAGE = { type: "message", role: "user", content: [{ type: "input_text", text: "Hello" }] } as const;

interface Case {
  readonly name: string;
  readonly run: (session: Session, options: CommandOptions) => Promise<unknown>;
  /** Event that is sent, without its id. */
  readonly sent: Frame;
  readonly answer: Frame;
  readonly result: unknown;
}

/** Every command that the server acknowledges. */
const COMMANDS: readonly Case[] = [
  {
    name: "update()",
    run: (session, options) => session.update({ instructions: "Be brief." }, options),
    sent: { type: "session.update", session: { type: "realtime", instructions: "Be brief." } },
    answer: { type: "session.updated", session: { type: "realtime", instructions: "Be brief." } },
    result: { type: "realtime", instructions: "Be brief." },
  },
  {
    name: "addItem()",
    run: (session, options) => session.addItem({ id: "item_1", ...MESSAGE }, { ...options, previousItemId: "root" }),
    sent: { type: "conversation.item.create", previous_item_id: "root", item: { id: "item_1", ...MESSAGE } },
    answer: { type: "conversation.item.added", item: { id: "item_1", ...MESSAGE } },
    result: "item_1",
  },
  {
    name: "addItem() by an older server",
    run: (session, options) => session.addItem({ id: "item_1", ...MESSAGE }, options),
    sent: { type: "conversation.item.create", item: { id: "item_1", ...MESSAGE } },
    answer: { type: "conversation.item.created", item: { id: "item_1", ...MESSAGE } },
    result: "item_1",
  },
  {
    name: "deleteItem()",
    run: (session, options) => session.deleteItem("item_1", options),
    sent: { type: "conversation.item.delete", item_id: "item_1" },
    answer: { type: "conversation.item.deleted", item_id: "item_1" },
    result: undefined,
  },
  {
    name: "truncateItem()",
    run: (session, options) => session.truncateItem("item_1", 250, options),
    sent: { type: "conversation.item.truncate", item_id: "item_1", content_index: 0, audio_end_ms: 250 },
    answer: { type: "conversation.item.truncated", item_id: "item_1", content_index: 0, audio_end_ms: 250 },
    result: undefined,
  },
  {
    name: "retrieveItem()",
    run: (session, options) => session.retrieveItem("item_1", options),
    sent: { type: "conversation.item.retrieve", item_id: "item_1" },
    answer: { type: "conversation.item.retrieved", item: { id: "item_1", ...MESSAGE } },
    result: { id: "item_1", ...MESSAGE },
  },
  {
    name: "commitAudio()",
    run: (session, options) => session.commitAudio(options),
    sent: { type: "input_audio_buffer.commit" },
    answer: { type: "input_audio_buffer.committed", item_id: "item_1", previous_item_id: null },
    result: "item_1",
  },
  {
    name: "clearAudio()",
    run: (session, options) => session.clearAudio(options),
    sent: { type: "input_audio_buffer.clear" },
    answer: { type: "input_audio_buffer.cleared" },
    result: undefined,
  },
];

for (const { name, run, sent, answer, result } of COMMANDS) {
  Deno.test(`${name} resolves with its answer`, async () => {
    const { server, session } = await open();
    const promise = run(session, {});
    await server.settle();
    const { event_id, ...event } = server.sent[0]!;
    assertEquals([server.sent.length, typeof event_id, event], [1, "string", sent]);
    assertEquals(await stateOf(promise), "pending");
    server.emit(answer);
    assertEquals(await promise, result);
    assertEquals(server.clock.pending, 0);
  });

  Deno.test(`${name} rejects with its own error`, async () => {
    const { server, session } = await open();
    const [refused, other] = [run(session, {}), run(session, {})];
    const rejection = refused.catch((error) => error);
    await server.settle();
    server.refuse("event_of_nobody");
    server.refuse(server.sent[0]!.event_id, "unknown_parameter", "Unknown parameter.");
    const error = await rejection;
    assert(error instanceof RealtimeApiError);
    assertEquals([error.code, error.message, error.eventId], [
      "unknown_parameter",
      "Unknown parameter.",
      server.sent[0]!.event_id,
    ]);
    server.emit(answer);
    assertEquals(await other, result);
  });

  Deno.test(`${name} times out, and its late answer does not settle the next command`, async () => {
    const { server, session } = await open({ ackTimeoutMs: 5000 });
    const slow = run(session, { timeoutMs: 100 }).then(() => "resolved", (error) => error.name);
    const next = run(session, {}).then(() => "resolved", (error) => error.name);
    await server.clock.advance(100);
    assertEquals(await slow, "TimeoutError");
    server.emit(answer);
    // An item is added only once, so its one answer settles both.
    if (sent.type === "conversation.item.create") return;
    assertEquals(await stateOf(next), "pending");
    await server.clock.advance(4899);
    server.emit(answer);
    assertEquals(await next, "resolved");
  });

  Deno.test(`${name} stops waiting when it is aborted, and sends nothing when aborted before`, async () => {
    const { server, session } = await open();
    const reason = new Error("Enough");
    await assertRejects(() => run(session, { signal: AbortSignal.abort(reason) }), Error, "Enough");
    await server.settle();
    assertEquals(server.sent, []);
    const controller = new AbortController();
    const aborted = run(session, { signal: controller.signal }).catch((error) => error);
    await server.settle();
    controller.abort(reason);
    assertStrictEquals(await aborted, reason);
    assertEquals([server.sent.length, server.clock.pending], [1, 0]);
  });

  Deno.test(`${name} rejects with the reason why the connection ended, before, during and after the end`, async () => {
    for (const endsHere of [false, true]) {
      const { server, session } = await open();
      const rejection = () => run(session, {}).catch((error) => error);
      const before = rejection();
      await server.settle();
      if (endsHere) void session.close(4001, "Going away");
      else server.close(4001, "Going away");
      const during = rejection();
      await session.closed;
      for (const error of [await before, await during, await rejection()]) {
        assert(error instanceof ConnectionError);
        assertEquals([error.kind, error.close?.code, error.close?.reason], ["closed", 4001, "Going away"]);
      }
      assertEquals(server.clock.pending, 0);
    }
  });
}

/** The other methods that wait for the server. */
const METHODS: Readonly<Record<string, Case["run"]>> = {
  "sendMessage()": (session, options) => session.sendMessage("Hello", options),
  "ask()": (session, options) => session.ask("Hello", {}, options),
  "setTools()": (session, options) => session.setTools([], options),
  "approveMcp()": (session, options) => session.approveMcp("request_1", options),
  "denyMcp()": (session, options) => session.denyMcp("request_1", { ...options, reason: "No" }),
};

/** The reason of a promise's rejection. */
function failure(promise: Promise<unknown>): Promise<Frame> {
  return promise.then(() => ({}), (error) => error);
}

for (const [name, run] of Object.entries(METHODS)) {
  Deno.test(`${name} honours signal and timeoutMs, rejects when refused, and ends with the connection`, async () => {
    const { server, session } = await open();
    const reason = new Error("Enough");
    await assertRejects(() => run(session, { signal: AbortSignal.abort(reason) }), Error, "Enough");
    await server.settle();
    assertEquals(server.sent, []);
    const controller = new AbortController();
    const aborted = failure(run(session, { signal: controller.signal }));
    const late = failure(run(session, { timeoutMs: 100 }));
    controller.abort(reason);
    assertStrictEquals(await aborted as unknown, reason);
    await server.clock.advance(100);
    assertEquals((await late).name, "TimeoutError");
    // Commands sent before may be answered until then.
    await server.clock.advance(10_000);
    const refused = failure(run(session, {}));
    await server.settle();
    server.refuse(server.sent.at(-1)!.event_id, "invalid_value");
    assertEquals((await refused).code, "invalid_value");
    const ended = failure(run(session, {}));
    await session.close(1000, "Bye");
    assertEquals([(await ended).close?.reason, server.clock.pending], ["Bye", 0]);
    assertEquals((await failure(run(session, {}))).close?.reason, "Bye");
  });
}

Deno.test("an invalid command is not sent, and blocks no later command", async () => {
  const { server, session } = await open();
  await assertRejects(() => session.update({ audio: { output: { speed: 9 } } }), InvalidEventError, "speed");
  await assertRejects(() => session.truncateItem("item_1", 1.5), InvalidEventError, "audio_end_ms");
  await assertRejects(() => session.update({ instructions: "Hi" }, { timeoutMs: -1 }), RangeError);
  const update = session.update({ instructions: "Hi" });
  await server.settle();
  assertEquals(server.sent.map(({ type }) => type), ["session.update"]);
  server.emit({ type: "session.updated", session: { type: "realtime" } });
  await update;
});

Deno.test("two updates in flight settle in order", async () => {
  const { server, session } = await open();
  const [first, second] = [session.update({ instructions: "1" }), session.update({ instructions: "2" })];
  await server.settle();
  server.emit({ type: "session.updated", session: { type: "realtime", instructions: "1" } });
  assertEquals((await first as { instructions?: string }).instructions, "1");
  assertEquals(await stateOf(second), "pending");
  server.emit({ type: "session.updated", session: { type: "realtime", instructions: "2" } });
  assertEquals((await second as { instructions?: string }).instructions, "2");
});

for (const options of [{ sideband: true }, { shared: true }]) {
  const name = Object.keys(options)[0];
  Deno.test(`update() of a session that is ${name} ignores the answer to another client's update`, async () => {
    const { server, session } = await open(options);
    const update = session.update({ instructions: "Ours", audio: { output: { speed: 1.1 } } });
    await server.settle();
    const updated = (session: Frame) => ({ type: "session.updated", session: { type: "realtime", ...session } });
    server.emit(updated({ instructions: "Theirs" }));
    assertEquals(await stateOf(update), "pending");
    server.emit(updated({ instructions: "Ours", audio: { output: { speed: Math.fround(1.1) } } }));
    assertEquals(await stateOf(update), "resolved");
  });
}

Deno.test("update() of an unshared sideband accepts the first answer", async () => {
  const { server, session } = await open({ sideband: true, shared: false });
  const update = session.update({ instructions: "Ours" });
  server.emit({ type: "session.updated", session: { type: "realtime", instructions: "Theirs" } });
  await server.settle();
  assertEquals(await stateOf(update), "resolved");
});

Deno.test("malformed answers still settle their command", async () => {
  const { server, session } = await open();
  const commands = [
    session.addItem({ id: "item_1", ...MESSAGE }),
    session.truncateItem("item_2", 10),
    session.commitAudio(),
    session.update({ instructions: "Hi" }),
  ];
  await server.settle();
  server.emit({ type: "conversation.item.added", item: { id: "item_1" } });
  server.emit({ type: "conversation.item.truncated", item_id: "item_2" });
  server.emit({ type: "input_audio_buffer.committed" });
  server.emit({ type: "session.updated" });
  assertEquals(await Promise.all(commands), ["item_1", undefined, "", undefined]);
});

Deno.test("malformed frames and unknown events do not disturb the session", async () => {
  const { server, session } = await open();
  const events = collect(session);
  const clearing = session.clearAudio();
  for (const frame of ["", "{", "null", "[]", "7", `{"type":7}`, `{"type":"error","error":7}`]) server.emitText(frame);
  server.emitText(`{"type":"response.output_text.delta","delta":{}}`);
  server.emit({ type: "brand.new", field: 1 }, { type: "input_audio_buffer.cleared" });
  await clearing;
  assertEquals(events.slice(2).map(({ type }) => type), [
    ...Array.from({ length: 8 }, () => "malformed_event"),
    "brand.new",
    "input_audio_buffer.cleared",
  ]);
});

Deno.test("commands and audio are sent in the order of the calls", async () => {
  const { server, session } = await open();
  const commands = [session.sendMessage("Hello"), session.clearAudio()];
  session.appendAudio(Uint8Array.of(1, 2, 3));
  session.respond();
  commands.push(session.commitAudio());
  session.send({ type: "output_audio_buffer.clear" });
  await server.settle();
  assertEquals(server.sent.map(({ type }) => type), [
    "conversation.item.create",
    "input_audio_buffer.clear",
    "input_audio_buffer.append",
    "response.create",
    "input_audio_buffer.commit",
    "output_audio_buffer.clear",
  ]);
  assertEquals(server.last("input_audio_buffer.append").audio, "AQID");
  server.close(1000);
  await Promise.allSettled(commands);
});

Deno.test("queued updates hold up neither audio nor other commands", async () => {
  const { server, session } = await open();
  const commands = ["One", "Two"].map((instructions) => session.update({ instructions }));
  const message = session.sendMessage("Hello");
  session.appendAudio(Uint8Array.of(1, 2, 3));
  session.send({ type: "output_audio_buffer.clear" });
  await server.settle();
  assertEquals(server.takeTypes(), [
    "session.update",
    "conversation.item.create",
    "input_audio_buffer.append",
    "output_audio_buffer.clear",
  ]);
  server.close(1000);
  await Promise.allSettled([...commands, message]);
});

Deno.test("sendMessage() generates an id of at most 32 characters", async () => {
  const { server, session } = await open();
  const sending = session.sendMessage("Hello");
  await server.settle();
  const { item } = server.sent[0]!;
  assert(/^item_[A-Za-z0-9]{24}$/.test(item.id), item.id);
  server.emit({ type: "conversation.item.added", item });
  assertEquals(await sending, item.id);
});

Deno.test("appendAudio() rejects more audio than one event may hold", async () => {
  const { session } = await open();
  assertThrows(
    () => session.appendAudio(new Uint8Array(15 * 1024 * 1024 + 1)),
    RangeError,
    "must be <= 15728640 bytes",
  );
});

Deno.test("send() validates unless validation is turned off", async () => {
  const { server, session } = await open();
  const event = { type: "conversation.item.delete", item_id: 7 } as never;
  assertThrows(() => session.send(event), InvalidEventError, "item_id");
  session.send(event, { check: false });
  await server.settle();
  assertEquals(server.sent, [{ type: "conversation.item.delete", item_id: 7 }]);
});

Deno.test("send() reserves its answer, so that no other command settles with it", async () => {
  const { server, session } = await open();
  session.send({ type: "session.update", session: { type: "realtime", instructions: "Raw" } });
  session.send({ type: "session.update", event_id: "mine", session: { type: "realtime", instructions: "Refused" } });
  const update = session.update({ instructions: "Ours" });
  await server.settle();
  server.emit({ type: "session.updated", session: { type: "realtime", instructions: "Raw" } });
  assertEquals((await stateOf(update), server.sent.length), 2);
  server.refuse("mine");
  assertEquals([await stateOf(update), server.sent.length], ["pending", 3]);
  server.emit({ type: "session.updated", session: { type: "realtime", instructions: "Ours" } });
  await update;
  session.send({ type: "session.update", session: { type: "realtime" } });
  server.close(1006);
  await session.closed;
  assertThrows(() => session.send({ type: "input_audio_buffer.clear" }), ConnectionError);
});

Deno.test("commands whose answers carry no id are sent one at a time, with send(), too", async () => {
  const { server, session } = await open();
  for (let i = 0; i < 3; i++) session.send({ type: "input_audio_buffer.clear" });
  const clearing = session.clearAudio();
  for (let sent = 1; sent <= 4; sent++) {
    await server.settle();
    assertEquals([server.sent.length, await stateOf(clearing)], [sent, "pending"]);
    server.emit({ type: "input_audio_buffer.cleared" });
  }
  await clearing;
});

Deno.test("audio waits behind a queued commit, and is sent in order", async () => {
  const { server, session } = await open();
  const [first, second] = [session.commitAudio(), session.commitAudio()];
  session.appendAudio(Uint8Array.of(1, 2, 3));
  const invalid = { type: "input_audio_buffer.append", audio: "no base64!" } as const;
  assertThrows(() => session.send(invalid), InvalidEventError);
  await server.settle();
  assertEquals(server.sent.map(({ type }) => type), ["input_audio_buffer.commit"]);
  assert(session.bufferedAmount > 0);
  server.emit({ type: "input_audio_buffer.committed", item_id: "item_1" });
  await server.settle();
  assertEquals(server.sent.slice(1).map(({ type }) => type), [
    "input_audio_buffer.commit",
    "input_audio_buffer.append",
  ]);
  assertEquals([await first, session.bufferedAmount], ["item_1", 0]);
  server.emit({ type: "input_audio_buffer.committed", item_id: "item_2" });
  assertEquals(await second, "item_2");
});

Deno.test("more audio than 64 MiB behind a queued commit is rejected, and the audio before it is sent", async () => {
  const { server, session } = await open();
  const commits = [session.commitAudio(), session.commitAudio()];
  const append = () =>
    session.send({ type: "input_audio_buffer.append", audio: "A".repeat(2 ** 24) }, { check: false });
  for (let count = 0; count < 4; count++) append();
  assertThrows(append, DOMException, "Cannot send audio as more than 67108864 bytes wait for a commit or clear");
  assertEquals(session.bufferedAmount, 2 ** 26);
  server.emit({ type: "input_audio_buffer.committed", item_id: "item_1" });
  await server.settle();
  assertEquals([server.sentOf("input_audio_buffer.append").length, session.bufferedAmount], [4, 0]);
  server.emit({ type: "input_audio_buffer.committed", item_id: "item_2" });
  await Promise.all(commits);
});

Deno.test("no command settles with another's answer when an error arrives two seconds late", async () => {
  const { server, session } = await open();
  const refused = session.commitAudio().catch((error) => error.code);
  const good = session.commitAudio();
  await server.clock.advance(2000);
  // The second was not sent: there is no answer that could settle the first.
  assertEquals(server.sent.length, 1);
  server.refuse(server.sent[0]!.event_id, "input_audio_buffer_commit_empty");
  assertEquals(await refused, "input_audio_buffer_commit_empty");
  await server.settle();
  server.emit({ type: "input_audio_buffer.committed", item_id: "item_2" });
  assertEquals(await good, "item_2");
});

Deno.test("a command aborted before it is sent is not sent", async () => {
  const { server, session } = await open();
  const first = session.clearAudio();
  const controller = new AbortController();
  const second = session.clearAudio({ signal: controller.signal });
  session.appendAudio(Uint8Array.of(1, 2, 3));
  controller.abort();
  await assertRejects(() => second, DOMException);
  await server.settle();
  // Nothing holds up the audio behind it any more.
  assertEquals(server.takeTypes(), ["input_audio_buffer.clear", "input_audio_buffer.append"]);
  server.emit({ type: "input_audio_buffer.cleared" });
  await first;
  await server.settle();
  assertEquals(server.takeTypes(), []);
});

Deno.test("an unanswered command lets the next of its kind go after its timeout", async () => {
  const { server, session } = await open({ ackTimeoutMs: 1000 });
  const controller = new AbortController();
  const given = session.clearAudio({ signal: controller.signal }).catch(({ name }) => name);
  await server.settle();
  controller.abort();
  assertEquals(await given, "AbortError");
  const next = session.clearAudio({ timeoutMs: 5000 });
  await server.clock.advance(999);
  assertEquals(server.sent.length, 1);
  await server.clock.advance(1);
  assertEquals(server.sent.length, 2);
  // A late answer to the first does not settle the second.
  server.emit({ type: "input_audio_buffer.cleared" });
  assertEquals(await stateOf(next), "pending");
  server.emit({ type: "input_audio_buffer.cleared" });
  await next;
  assertEquals(server.clock.pending, 0);
});

Deno.test("the end of a response does not release an earlier unanswered command", async () => {
  const { server, session } = await open();
  const response = session.respond();
  await server.settle();
  server.create("resp_1");
  const first = session.update({ instructions: "First" }, { timeoutMs: 100 }).catch(({ name }) => name);
  await server.clock.advance(100);
  assertEquals(await first, "TimeoutError");
  const cancelled = response.cancel();
  const second = session.update({ instructions: "Second" });
  // It has ended by itself.
  server.emit(responseDone("resp_1"));
  await cancelled;
  await server.settle();
  assertEquals(server.sentOf("session.update").length, 1);
  server.emit({ type: "session.updated", session: { type: "realtime", instructions: "First" } });
  await server.settle();
  assertEquals(await stateOf(second), "pending");
  server.emit({ type: "session.updated", session: { type: "realtime", instructions: "Second" } });
  assertEquals((await second as Frame).instructions, "Second");
});

Deno.test("queued events leave no timer behind", async () => {
  const { server, session } = await open({ ackTimeoutMs: 1000 });
  for (let count = 0; count < 3; count++) session.send({ type: "input_audio_buffer.clear" });
  await server.clock.advance(1000);
  assertEquals(server.sent.length, 2);
  assertEquals(server.clock.pending, 1);
  await session.close();
  assertEquals(server.clock.pending, 0);
});

Deno.test("an error without an event id rejects the only command in flight, and none of several", async () => {
  const { server, session } = await open();
  const only = session.clearAudio().catch((error) => error.code);
  await server.settle();
  server.refuse(null, "server_error");
  assertEquals(await only, "server_error");
  const [one, two] = [session.clearAudio(), session.deleteItem("item_1")];
  await server.settle();
  server.refuse(null, "server_error");
  server.emit({ type: "input_audio_buffer.cleared" }, { type: "conversation.item.deleted", item_id: "item_1" });
  await Promise.all([one, two]);
  // A server that has sent event ids once always does.
  const third = session.clearAudio();
  await server.settle();
  server.refuse("event_of_nobody");
  server.refuse(null, "server_error");
  server.emit({ type: "input_audio_buffer.cleared" });
  await third;
});

Deno.test("an error without an event id rejects the only requested response", async () => {
  const { server, session } = await open();
  const { done } = session.respond();
  await server.settle();
  server.refuse(null, "invalid_value");
  const outcome = await done;
  assertEquals(outcome.status === "failed" && outcome.code, "invalid_value");
});

Deno.test("a server-chosen item id settles the oldest matching command", async () => {
  const { server, session } = await open();
  const [one, two] = [session.sendMessage("One"), session.sendMessage("Two")];
  await server.settle();
  const [first, second] = server.sent.map(({ item }) => item);
  // An unrelated item of the server comes between.
  server.emit({
    type: "conversation.item.added",
    item: { id: "srv_0", type: "message", role: "assistant", content: [] },
  });
  server.emit({ type: "conversation.item.added", item: { ...second, id: "srv_2" } });
  server.emit({ type: "conversation.item.created", item: { ...first, id: "srv_1" } });
  assertEquals(await Promise.all([one, two]), ["srv_1", "srv_2"]);
});

Deno.test("sendMessage() resolves with the id it chose on a server that names no items, also with makeId", async () => {
  let count = 0;
  const { server, session } = await open({ makeId: (prefix) => `${prefix}_mine_${++count}` });
  const sending = session.sendMessage("Hello");
  await server.settle();
  const { item } = server.last("conversation.item.create");
  server.emit({ type: "conversation.item.added", item: { ...item, id: undefined } });
  assertEquals([await sending, /^item_mine_\d$/.test(item.id)], [item.id, true]);
});

Deno.test("a server that keeps our ids never settles a command with an item that only looks the same", async () => {
  const { server, session } = await open();
  const first = session.sendMessage("Hello");
  await server.settle();
  server.emit({ type: "conversation.item.added", item: server.sent[0]!.item });
  await first;
  const second = session.sendMessage("Hello");
  await server.settle();
  server.emit({ type: "conversation.item.added", item: { ...server.sent[1]!.item, id: "item_of_another" } });
  assertEquals(await stateOf(second), "pending");
  server.emit({ type: "conversation.item.added", item: server.sent[1]!.item });
  await second;
});

Deno.test("commitAudio() rejects less than 100 ms of audio locally, and sends nothing", async () => {
  const { server, session } = await open();
  const manual = (format: Frame) => {
    return { type: "session.updated", session: { audio: { input: { format, turn_detection: null } } } };
  };
  const cases = [[{ type: "audio/pcm", rate: 24000 }, 48], [{ type: "audio/pcmu" }, 8]] as const;
  for (const [format, bytesPerMs] of cases) {
    server.emit(manual(format));
    await server.settle();
    session.appendAudio(new Uint8Array(99 * bytesPerMs));
    const error = await session.commitAudio().catch((error) => error);
    assert(error instanceof RangeError);
    assertEquals(error.message, "Cannot commit audio as the buffer must hold >= 100 ms: current value is 99 ms");
    // The audio is still there.
    session.appendAudio(new Uint8Array(bytesPerMs));
    const committing = session.commitAudio();
    await server.settle();
    assertEquals(server.takeTypes().at(-1), "input_audio_buffer.commit");
    server.emit({ type: "input_audio_buffer.committed", item_id: "item_1" });
    assertEquals(await committing, "item_1");
    session.appendAudio(new Uint8Array(200 * bytesPerMs));
    const clearing = session.clearAudio();
    server.emit({ type: "input_audio_buffer.cleared" });
    await clearing;
    await assertRejects(() => session.commitAudio(), RangeError, "current value is 0 ms");
    server.takeTypes();
  }
});

Deno.test("commitAudio() counts audio that was sent while an earlier commit was unanswered, and none that the server took", async () => {
  const { server, session } = await open();
  const commit = async (turn_detection: Frame | null) => {
    const input = { format: { type: "audio/pcmu" }, turn_detection };
    server.emit({ type: "session.updated", session: { audio: { input } } });
    await server.settle();
    session.appendAudio(new Uint8Array(1600));
    const committing = turn_detection ? undefined : session.commitAudio();
    if (committing) session.appendAudio(new Uint8Array(1600));
    await server.settle();
    server.emit({ type: "input_audio_buffer.committed", item_id: "item_1" });
    await committing;
    await server.settle();
    server.takeTypes();
  };
  await commit(null);
  const second = session.commitAudio();
  await server.settle();
  assertEquals(server.takeTypes(), ["input_audio_buffer.commit"]);
  server.emit({ type: "input_audio_buffer.committed", item_id: "item_2" });
  await second;
  await commit({ type: "server_vad" });
  server.emit({ type: "session.updated", session: { audio: { input: { turn_detection: null } } } });
  await server.settle();
  await assertRejects(() => session.commitAudio(), RangeError, "current value is 0 ms");
});

Deno.test("commitAudio() counts the bytes of audio that send() was given, without padding", async () => {
  const { server, session } = await open();
  const input = { format: { type: "audio/pcmu" }, turn_detection: null };
  server.emit({ type: "session.updated", session: { audio: { input } } });
  await server.settle();
  // Each ends with padding.
  for (let ms = 0; ms < 99; ms++) {
    session.send({ type: "input_audio_buffer.append", audio: new Uint8Array(8).toBase64() });
  }
  session.send({ type: "input_audio_buffer.append", audio: undefined } as never, { check: false });
  await assertRejects(() => session.commitAudio(), RangeError, "current value is 99 ms");
});

Deno.test("commitAudio() includes the audio of a refused commit again", async () => {
  const { server, session } = await open();
  server.emit({ type: "session.updated", session: { audio: { input: { turn_detection: null } } } });
  await server.settle();
  session.appendAudio(new Uint8Array(4800));
  const refused = session.commitAudio().catch((error) => error.code);
  await server.settle();
  server.refuse(server.last("input_audio_buffer.commit").event_id, "server_error");
  assertEquals(await refused, "server_error");
  const again = session.commitAudio();
  await server.settle();
  server.emit({ type: "input_audio_buffer.committed", item_id: "item_1" });
  assertEquals(await again, "item_1");
});

Deno.test("commitAudio() and clearAudio() that are not sent leave the audio as it is", async () => {
  const { server, session } = await open();
  server.emit({ type: "session.updated", session: { audio: { input: { turn_detection: null } } } });
  await server.settle();
  session.appendAudio(new Uint8Array(4800));
  await server.settle();
  server.takeTypes();
  const bad = [{ timeout: 1 }, { timeoutMs: -1 }, { signal: AbortSignal.abort() }] as CommandOptions[];
  for (const options of bad) {
    await assertRejects(() => session.commitAudio(options));
    await assertRejects(() => session.clearAudio(options));
  }
  await server.settle();
  assertEquals(server.takeTypes(), []);
  const first = session.commitAudio();
  // It waits for the answer to the first one.
  session.appendAudio(new Uint8Array(4800));
  const stop = new AbortController();
  const withdrawn = session.commitAudio({ signal: stop.signal });
  await server.settle();
  stop.abort(new Error("Not yet"));
  await assertRejects(() => withdrawn, Error, "Not yet");
  server.emit({ type: "input_audio_buffer.committed", item_id: "item_1" });
  assertEquals(await first, "item_1");
  const clearing = session.clearAudio();
  session.appendAudio(new Uint8Array(4800));
  // It waits for the answer to the first one, too.
  const late = assertRejects(() => session.clearAudio({ timeoutMs: 10 }), DOMException, "longer than 10 ms");
  await server.clock.advance(10);
  await late;
  server.emit({ type: "input_audio_buffer.cleared" });
  await clearing;
  const second = session.commitAudio();
  await server.settle();
  server.emit({ type: "input_audio_buffer.committed", item_id: "item_2" });
  assertEquals(await second, "item_2");
});

Deno.test("commitAudio() sends short commits if the server detects turns, or on a shared session", async () => {
  for (const [options, turn_detection] of [[{}, { type: "server_vad" }], [{ shared: true }, null]] as const) {
    const { server, session } = await open(options);
    server.emit({ type: "session.updated", session: { audio: { input: { turn_detection } } } });
    await server.settle();
    const committing = session.commitAudio();
    await server.settle();
    server.emit({ type: "input_audio_buffer.committed", item_id: "item_1" });
    assertEquals(await committing, "item_1");
  }
});

Deno.test("config is the configuration that the server reported last", async () => {
  const { server, session } = await open();
  assertEquals(session.config?.type, "realtime");
  server.emit({ type: "session.updated", session: { type: "realtime", voice: 7, instructions: "Latest" } });
  await server.settle();
  assertEquals((session.config as { instructions?: string }).instructions, "Latest");
});

Deno.test("events() gives every reader all events at its own pace, and ends with the session", async () => {
  const { server, session } = await open();
  const [one, two] = [session.events(), session.events()];
  server.emit({ type: "input_audio_buffer.cleared" }, { type: "brand.new" });
  await server.settle();
  assertEquals((await session.close(1000)).code, 1000);
  const types = ["session.created", "session.updated", "input_audio_buffer.cleared", "brand.new", "closed"];
  assertEquals((await Array.fromAsync(one)).map(({ type }) => type), types);
  assertEquals((await Array.fromAsync(two)).map(({ type }) => type), types);
  const late = session.events();
  const { value } = await late.next();
  assertEquals(value, { type: "closed", code: 1000, reason: "", clean: true });
  assertEquals((await late.next()).done, true);
});

Deno.test("events() and responses() throw only after an unclean end", async () => {
  for (const [code, endsHere, clean] of [[1000, false, true], [1006, false, false], [4001, true, true]] as const) {
    const { server, session } = await open();
    const [events, responses, given] = [session.events(), session.responses(), session.events()];
    await given.return?.();
    const waiting = session.events();
    await waiting.next();
    await waiting.next();
    const last = waiting.next();
    const heard: SessionEvent[] = collect(session, "closed");
    if (endsHere) void session.close(code, "Bye");
    else server.close(code, "Bye");
    const closed = { type: "closed", code, reason: "Bye", clean } as const;
    assertEquals((await last).value, closed);
    const read: SessionEvent[] = [];
    const reading = (async () => {
      for await (const event of events) read.push(event);
    })();
    if (clean) await reading;
    else await assertRejects(() => reading, ConnectionError, `code ${code}`);
    assertEquals([read.at(-1), heard], [closed, [closed]]);
    // An error is thrown once, and not after return().
    assertEquals([(await events.next()).done, (await given.next()).done], [true, true]);
    if (clean) assertEquals((await responses.next()).done, true);
    else await assertRejects(() => responses.next(), ConnectionError);
  }
});

Deno.test("events() of a reader whose queue is full still ends with closed", async () => {
  const { server, session } = await open();
  const reader = session.events();
  for (let i = 0; i < 4094; i++) server.emit({ type: "brand.new" });
  await server.settle();
  await session.close();
  const events = await Array.fromAsync(reader);
  assertEquals([events.length, events.at(-1)?.type], [4097, "closed"]);
});

Deno.test("drain() ends a push-to-talk turn, and waits for responses and transcripts", async () => {
  const { server, session } = await open();
  const input = { turn_detection: null, transcription: { model: "gpt-transcribe" } };
  server.emit({ type: "session.updated", session: { audio: { input } } });
  await server.settle();
  session.appendAudio(new Uint8Array(4800));
  const draining = session.drain();
  await server.settle();
  assertEquals(server.takeTypes(), ["input_audio_buffer.append", "input_audio_buffer.commit"]);
  server.emit({ type: "input_audio_buffer.committed", item_id: "item_1" });
  session.respond();
  await server.settle();
  server.create("resp_1");
  const transcription = "conversation.item.input_audio_transcription";
  server.emit({ type: `${transcription}.delta`, item_id: "item_1", delta: "Hel" });
  assertEquals(await stateOf(draining), "pending");
  server.emit({ type: "response.done", response: { id: "resp_1", status: "completed" } });
  assertEquals(await stateOf(draining), "pending");
  server.emit({ type: `${transcription}.completed`, item_id: "item_1", transcript: "Hello." });
  assertEquals(await draining, { missing: [] });
  assertEquals(server.clock.pending, 0);
});

Deno.test("drain() sends enough silence to end a server-detected turn, in the session's format", async () => {
  const formats = [[{ type: "audio/pcm", rate: 24000 }, 48, 0], [{ type: "audio/pcmu" }, 8, 0xff]] as const;
  for (const [format, bytesPerMs, silent] of formats) {
    const { server, session } = await open();
    const turn_detection = { type: "server_vad", silence_duration_ms: 300 };
    const input = { format, turn_detection, transcription: { model: "gpt-transcribe" } };
    server.emit({ type: "session.updated", session: { audio: { input } } });
    await server.settle();
    session.appendAudio(new Uint8Array(4800));
    const draining = session.drain();
    await server.settle();
    const silence = Uint8Array.fromBase64(server.last("input_audio_buffer.append").audio);
    assertEquals([silence.length, silence.every((byte) => byte === silent)], [400 * bytesPerMs, true]);
    server.emit({ type: "input_audio_buffer.speech_started", item_id: "item_1" });
    server.emit({ type: "input_audio_buffer.speech_stopped", item_id: "item_1" });
    server.emit({ type: "input_audio_buffer.committed", item_id: "item_1" });
    await server.settle();
    server.emit({ type: "conversation.item.input_audio_transcription.failed", item_id: "item_1", error: {} });
    assertEquals(await stateOf(draining), "pending");
    // The server does not answer.
    await server.clock.advance(2000);
    assertEquals(await draining, { missing: [] });
  }
});

Deno.test("drain() of a shared session ends the turn of the audio that it has sent itself, and of no other", async () => {
  for (const turn_detection of [null, { type: "server_vad", silence_duration_ms: 300 }]) {
    const { server, session } = await open({ shared: true });
    server.emit({ type: "session.updated", session: { audio: { input: { turn_detection } } } });
    await server.settle();
    assertEquals(await session.drain(), { missing: [] });
    assertEquals(server.takeTypes(), []);
    session.appendAudio(new Uint8Array(4800));
    const draining = session.drain();
    await server.settle();
    const ending = turn_detection ? "input_audio_buffer.append" : "input_audio_buffer.commit";
    assertEquals(server.takeTypes(), ["input_audio_buffer.append", ending]);
    server.emit({ type: "input_audio_buffer.committed", item_id: "item_1" });
    await server.clock.advance(2000);
    assertEquals(await draining, { missing: [] });
  }
});

Deno.test("drain() limits the silence when silence_duration_ms is not plausible", async () => {
  for (const silence_duration_ms of [1e12, 1e7, -5, 1e308, "long", null, {}, [9]]) {
    const { server, session } = await open();
    server.emit({
      type: "session.updated",
      session: { audio: { input: { turn_detection: { type: "server_vad", silence_duration_ms } } } },
    });
    await server.settle();
    session.appendAudio(new Uint8Array(4800));
    const draining = session.drain();
    await server.clock.advance(10_000);
    assertEquals(await draining, { missing: [] }, `${silence_duration_ms}`);
    assertEquals(atob(server.last("input_audio_buffer.append").audio).length, 600 * 48);
    await session.close();
  }
});

Deno.test("drain() reports what is missing, and always settles", async () => {
  const { server, session } = await open();
  const input = { turn_detection: null, transcription: { model: "gpt-transcribe" } };
  server.emit({ type: "session.updated", session: { audio: { input } } });
  server.emit({ type: "input_audio_buffer.committed", item_id: "item_1" });
  await server.settle();
  const draining = session.drain({ timeoutMs: 500 });
  await server.clock.advance(500);
  assertEquals(await draining, { missing: ["item_1"] });
  const controller = new AbortController();
  const aborted = session.drain({ signal: controller.signal });
  controller.abort(new Error("Enough"));
  await assertRejects(() => aborted, Error, "Enough");
  await assertRejects(() => session.drain({ timeoutMs: -1 }), RangeError);
  const ending = session.drain();
  await session.close();
  assertEquals([await ending, await session.drain()], [{ missing: ["item_1"] }, { missing: ["item_1"] }]);
  assertEquals(server.clock.pending, 0);
});

Deno.test("drain() of a session without transcription resolves at once", async () => {
  const { server, session } = await open();
  server.emit({ type: "input_audio_buffer.committed", item_id: "item_1" });
  await server.settle();
  assertEquals(await session.drain(), { missing: [] });
});

Deno.test("events() of a slow reader ends in a QuotaExceededError, and other readers are unaffected", async () => {
  const { server, session } = await open();
  const unread = session.events();
  const read: SessionEvent[] = [];
  const reading = (async () => {
    for await (const event of session.events()) read.push(event);
  })();
  const clearing = session.clearAudio();
  for (let i = 0; i < 4096; i++) server.emit({ type: "brand.new" });
  server.emit({ type: "input_audio_buffer.cleared" });
  await clearing;
  const error = await assertRejects(() => unread.next(), DOMException, "4096");
  assertEquals(error.name, "QuotaExceededError");
  assertEquals((await unread.next()).done, true);
  await session.close();
  await reading;
  assertEquals([read.length, read.at(-1)?.type], [2 + 4096 + 1 + 1, "closed"]);
});

Deno.test("on() calls each listener at once, and stops when it is removed", async () => {
  const { server, session } = await open();
  const seen: string[] = [];
  const remove = session.on("input_audio_buffer.cleared", ({ type }) => seen.push(type));
  const clearing = session.clearAudio().then(() => seen.push("resolved"));
  server.emit({ type: "input_audio_buffer.cleared" });
  await clearing;
  remove();
  server.emit({ type: "input_audio_buffer.cleared" });
  await server.settle();
  assertEquals(seen, ["input_audio_buffer.cleared", "resolved"]);
});

Deno.test("on() reports a listener that throws, and still calls the others", async () => {
  const { server, session } = await open();
  const failures = collect(session, "listener_failed");
  const seen: string[] = [];
  session.on("brand.new" as "*", () => {
    throw new Error("Oops");
  });
  session.on("*", ({ type }) => void ((type as string) === "brand.new" && seen.push(type)));
  session.on("listener_failed", () => {
    throw new Error("Again");
  });
  const clearing = session.clearAudio();
  server.emit({ type: "brand.new" }, { type: "input_audio_buffer.cleared" });
  await clearing;
  assertEquals(seen, ["brand.new"]);
  assertEquals(failures.map((event) => "error" in event && [`${event.error}`, (event as Frame).eventType]), [
    ["Error: Oops", "brand.new"],
  ]);
});

Deno.test("a listener or reader that never finishes delays no other", async () => {
  const { server, session } = await open();
  session.on("*", () => new Promise(() => {}));
  const slow = (async () => {
    for await (const _event of session.events()) await session.closed;
  })();
  const clearing = session.clearAudio();
  server.emit({ type: "input_audio_buffer.cleared" });
  await clearing;
  await session.close();
  await slow;
});

Deno.test("responses() of a slow reader ends in a QuotaExceededError, and other readers are unaffected", async () => {
  const { server, session } = await open();
  const unread = session.responses();
  const handle = session.respond();
  await server.settle();
  server.create("resp_own");
  for (let i = 0; i < 4096; i++) server.emit(responseCreated(`resp_${i}`, null, null));
  await server.settle();
  assertEquals([handle.id, session.activeResponse], ["resp_own", handle]);
  const error = await assertRejects(() => unread.next(), DOMException, "4096");
  assertEquals(error.name, "QuotaExceededError");
  await session.close();
});

Deno.test("a session can be closed by its own tool, and while the tool runs", async () => {
  for (const closesItself of [true, false]) {
    let reason: unknown;
    let dispose = (): unknown => undefined;
    const run = async (_args: unknown, { signal }: { readonly signal: AbortSignal }) => {
      signal.addEventListener("abort", () => reason = signal.reason);
      await (closesItself ? dispose() : new Promise(() => {}));
    };
    const { server, session } = await open({ tools: [defineTool({ name: "leave", run })] });
    const failures = collect(session, "tool_call_failed");
    dispose = () => session[Symbol.asyncDispose]();
    server.emit(...functionCallEvents("resp_1", "call_1", "leave"));
    await server.settle();
    if (!closesItself) await dispose();
    assertEquals((await session.closed).code, 1000);
    assert(reason instanceof ConnectionError);
    assertEquals([failures.length, server.sent, server.clock.pending], [1, [], 0]);
  }
});

Deno.test("a listener can send, respond and close", async () => {
  const { server, session } = await open();
  session.on("input_audio_buffer.cleared", () => void session.respond());
  session.on("response.created", () => void session.close(1000, "Enough"));
  const clearing = session.clearAudio();
  server.emit({ type: "input_audio_buffer.cleared" });
  await clearing;
  await server.settle();
  server.create("resp_1");
  assertEquals((await session.closed).reason, "Enough");
});

Deno.test("close() is idempotent, settles pending commands, and rejects new ones", async () => {
  const { server, session } = await open();
  const clearing = session.clearAudio().catch((error) => error);
  const handle = session.respond();
  const closing = Promise.all([session.close(1000, "Bye"), session.close(4000, "Bye again")]);
  assertThrows(() => session.send({ type: "input_audio_buffer.clear" }), ConnectionError, "is being closed");
  const late = session.respond({ conversation: "none" });
  const [first, second] = await closing;
  const outcome = await late.done;
  assertEquals(outcome.status === "lost" && outcome.cause.close, first);
  assertEquals([first.code, first.reason, second], [1000, "Bye", first]);
  assertEquals(await session.close(), first);
  assert(await clearing instanceof ConnectionError);
  assertEquals((await handle.done).status, "lost");
  assertEquals(server.closeCode, 1000);
  assertThrows(() => session.appendAudio(new Uint8Array(2)), ConnectionError);
  assertThrows(() => session.send({ type: "input_audio_buffer.clear" }), ConnectionError);
  assertEquals((await session.respond().done).status, "lost");
  await session.cancel();
});

Deno.test("a session closes with its await using scope", async () => {
  const { server, session } = await open();
  {
    await using scoped = session;
    assertEquals(scoped.activeResponse, undefined);
  }
  assertEquals(server.closeCode, 1000);
});

Deno.test("a session without openSession() receives all events from the start", async () => {
  const server = new FakeServer();
  const session = new Session(server.transport, { clock: server.clock });
  server.emit({ type: "session.created", session: { type: "transcription" } });
  await server.settle();
  assertEquals(session.config?.type, "transcription");
  const reader = session.events();
  assertEquals((await reader.next()).value?.type, "session.created");
  await session.close();
});

Deno.test("a transport whose events fail ends the session with the cause", async () => {
  const server = new FakeServer();
  const failure = new Error("Broken pipe");
  const events = new ReadableStream({ start: (controller) => controller.error(failure) });
  const { url, closed, playback, shared } = server.transport;
  const transport: Transport = {
    url,
    playback,
    shared,
    closed,
    events,
    bufferedAmount: 0,
    send: (event) => server.transport.send(event),
    close: () => server.transport.close(),
    [Symbol.asyncDispose]: async () => void await server.transport.close(),
  };
  const session = new Session(transport, { clock: server.clock });
  const handle = session.respond();
  const outcome = await handle.done;
  assert(outcome.status === "lost");
  assertStrictEquals(outcome.cause.cause, failure);
});

Deno.test("Session reports a queued event that fails to send if the transport has no check()", async () => {
  const server = new FakeServer();
  Object.assign(server.transport, { check: undefined });
  const failures: unknown[] = [];
  const session = new Session(server.transport, {
    clock: server.clock,
    onUnhandled: (error) => void failures.push(error),
  });
  session.send({ type: "input_audio_buffer.clear" });
  session.send({ type: "input_audio_buffer.clear" });
  session.send({ type: "input_audio_buffer.append", audio: 5 } as never);
  assertEquals(failures, []);
  server.emit({ type: "input_audio_buffer.cleared" }, { type: "input_audio_buffer.cleared" });
  await server.settle();
  assertEquals(failures.map(String).join().includes("input_audio_buffer.append"), true);
});

Deno.test("respond() throws on an invalid event if the transport has check(), and fails with not_sent otherwise", async () => {
  const server = new FakeServer();
  const session = new Session(server.transport, { clock: server.clock });
  assertThrows(() => session.respond({ maxOutputTokens: 0 }), InvalidEventError, "max_output_tokens");

  const unchecked = new FakeServer();
  Object.assign(unchecked.transport, { check: undefined });
  const later = new Session(unchecked.transport, { clock: unchecked.clock }).respond({ maxOutputTokens: 0 });
  const outcome = await later.done;
  assert(outcome.status === "failed");
  assertEquals([outcome.code, outcome.message.includes("max_output_tokens")], ["not_sent", true]);
  assertEquals([server.sent, unchecked.sent], [[], []]);
});
