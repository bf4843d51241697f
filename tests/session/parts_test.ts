import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type ApisOf,
  connectWith,
  conversationPart,
  type ConversationView,
  type LocalEvent,
  type SessionHost,
  type SessionPart,
  toolsPart,
} from "../../mod.ts";
import { ConnectionError } from "../../src/errors.ts";
import { SERVER_EVENT_TYPES } from "../../src/protocol/mod.ts";
import { type CheckedPart, CoreSession, openSessionWith } from "../../src/session/mod.ts";
import { createSimulator, denoUpgrade } from "../../src/simulator/mod.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import { FakeServer, type Frame, responseCreated, responseDone, stateOf, vadTurn } from "./_fake_server.ts";

/** A session over a fake server, with these parts; errors without a reader are in `unhandled`. */
function start(...parts: readonly SessionPart[]) {
  const server = new FakeServer();
  const unhandled: (readonly [error: unknown, context: LocalEvent])[] = [];
  const onUnhandled = (error: unknown, context: LocalEvent) => void unhandled.push([error, context]);
  const session = new CoreSession(server.transport, { clock: server.clock, onUnhandled }, parts);
  return { server, session, unhandled };
}

/** A part that does one thing. */
function part(name: string, install: SessionPart["install"]): SessionPart {
  return { name, install };
}

const WRONG = new Error("Wrong");

function fail(): never {
  throw WRONG;
}

/** Failures of a part, where they are reported, and as which event. */
const FAILURES: readonly (readonly [what: string, install: SessionPart["install"], context: Frame])[] = [
  ["its install", fail, { type: "part_failed", part: "bad" }],
  ["a handler in before", () => ({ before: { "response.created": fail } }), { type: "part_failed", part: "bad" }],
  ["a handler in on", () => ({ on: { "response.done": fail } }), { type: "part_failed", part: "bad" }],
  ["a handler for *", () => ({ on: { "*": fail } }), { type: "part_failed", part: "bad" }],
  [
    "an asynchronous handler",
    () => ({ on: { "response.done": async () => await Promise.reject(WRONG) } }),
    { type: "part_failed", part: "bad" },
  ],
  ["its onReceived", () => ({ onReceived: fail }), { type: "part_failed", part: "bad" }],
  ["its onSent", () => ({ onSent: fail }), { type: "part_failed", part: "bad" }],
  ["its onOther", () => ({ onOther: fail }), { type: "part_failed", part: "bad" }],
  [
    "an asynchronous handler that returns a thenable",
    () => ({ onSent: () => ({ then: (_: unknown, reject: (error: Error) => void) => reject(WRONG) }) }),
    { type: "part_failed", part: "bad" },
  ],
  [
    "its onLocal",
    (host) => ({ onLocal: fail, on: { "response.created": () => host.report(WRONG, "test") } }),
    {},
  ],
  ["its isHeard", () => ({ isHeard: fail, on: { "*": fail } }), { type: "part_failed", part: "bad" }],
  ["its asynchronous onLocal", (host) => ({
    onLocal: () => Promise.reject(WRONG),
    on: { "response.created": () => host.report(WRONG, "test") },
  }), {}],
  ["its end", () => ({ end: fail }), { type: "part_failed", part: "bad" }],
  ["its close", () => ({ close: fail }), { type: "part_failed", part: "bad" }],
  ["its asynchronous close", () => ({ close: () => Promise.reject(WRONG) }), { type: "part_failed", part: "bad" }],
  [
    "its onInterrupt listener",
    (host) => (host.onInterrupt(fail), {}),
    { type: "listener_failed", eventType: "onInterrupt" },
  ],
  [
    "its onUnseenEnd listener",
    (host) => (host.onUnseenEnd(fail), {}),
    { type: "listener_failed", eventType: "onUnseenEnd" },
  ],
  [
    "its isBusy",
    (host) => (host.holdIdle({ isBusy: fail, isActive: fail }), {}),
    { type: "listener_failed", eventType: "isBusy" },
  ],
];

for (const [what, install, context] of FAILURES) {
  Deno.test(`a part that throws in ${what} is reported, and the session and other parts continue`, async () => {
    const seen: string[] = [];
    const other = part("good", () => ({ on: { "*": ({ type }) => void seen.push(type) } }));
    const { server, session, unhandled } = start(part("bad", install), other);
    const handle = session.respond();
    await server.settle();
    server.create("resp_1");
    const turn = vadTurn("resp_2");
    // The end of the first response is missing, a turn interrupts, and an unknown event arrives.
    server.emit(...turn, { type: "something.new" }, responseDone("resp_2"));
    await server.settle();
    const types = ["response.created", ...turn.map(({ type }) => type), "something.new", "response.done"];
    assertEquals(seen, types);
    assertEquals((await handle.done).status, "incomplete");
    await session.idle();
    await session.close();
    await server.settle();
    assert(unhandled.length > 0, "Nothing was reported");
    for (const [error, event] of unhandled) {
      assertEquals(error, WRONG);
      assertEquals({ ...event } as Frame, { ...event, ...context });
    }
    assertEquals(server.clock.pending, 0);
  });
}

Deno.test("a part that cannot be installed leaves no trace", async () => {
  const { server, session } = start(part("bad", (host) => {
    host.decideInterruptions();
    host.holdIdle({ isBusy: () => true, isActive: () => true });
    return fail();
  }));
  let interruptions = 0;
  session.install(part("good", (host) => (host.onInterrupt(() => interruptions++), {})));
  await session.idle();
  server.emit(...vadTurn("resp_1"));
  await server.settle();
  assertEquals(interruptions, 1);
  assertThrows(() =>
    session.install(part("late", (host) => (host.holdIdle({ isBusy: () => true, isActive: () => true }), fail())))
  );
  server.emit(responseDone("resp_1"));
  await session.idle();
  await session.close();
});

Deno.test("without onUnhandled, or if it throws, errors are written to the console", async () => {
  for (const [onUnhandled, title] of [[fail, "listener_failed (onUnhandled):"], [undefined, "part_failed (bad):"]]) {
    const server = new FakeServer();
    const lines: unknown[] = [];
    const { error } = console;
    console.error = (...values) => void lines.push(values);
    try {
      const options = { clock: server.clock, ...(typeof onUnhandled === "function" && { onUnhandled }) };
      const session = new CoreSession(server.transport, options, [part("bad", () => ({ on: { "*": fail } }))]);
      server.emit(responseCreated("resp_1"));
      await server.settle();
      assertEquals(await stateOf(session.closed), "pending");
      assertEquals(lines, [[title, WRONG]]);
      await session.close();
    } finally {
      console.error = error;
    }
  }
});

Deno.test("the errors of an event reach the parts at once, then listeners; onUnhandled gets those that nothing has heard", async () => {
  const parts: unknown[] = [];
  const listeners: unknown[] = [];
  const failing = (name: string) => part(name, () => ({ on: { "response.created": fail } }));
  const watching = part("watching", (host) => ({
    onLocal: (event) => void parts.push(event.type === "part_failed" ? event.part : event.type),
    isHeard: (event) => event.type === "part_failed" && event.part === "heard by a part",
    on: { "response.done": () => host.emit({ type: "limit_reached", limit: "maxDurationMs" }) },
  }));
  const deaf = part("deaf", () => ({ isHeard: () => false }));
  const { server, session, unhandled } = start(failing("heard by a part"), failing("unheard"), watching, deaf);
  server.emit(responseCreated("resp_1"));
  await server.settle();
  assertEquals(unhandled, [[WRONG, { type: "part_failed", part: "unheard", error: WRONG }]]);
  session.on("part_failed", (event) => void listeners.push(event.part));
  server.emit(responseDone("resp_1"), responseCreated("resp_2"), responseDone("resp_2"));
  await server.settle();
  const both = ["heard by a part", "unheard"];
  // The first listener of a session also receives the events before it.
  assertEquals(listeners, [...both, ...both]);
  assertEquals(parts, [...both, "limit_reached", ...both, "limit_reached"]);
  assertEquals(unhandled.length, 1);
  await session.close();
});

Deno.test("a part whose onLocal or isHeard fails does not hear about that, but others do", async () => {
  for (const hook of ["onLocal", "isHeard"] as const) {
    let calls = 0;
    const bad = part("bad", () => ({ [hook]: () => (calls++, fail()) }));
    const { server, session, unhandled } = start(
      bad,
      part("reporter", (host) => ({
        on: { "response.created": () => host.report(new Error("First"), "test") },
      })),
    );
    server.emit(responseCreated("resp_1"));
    await server.settle();
    const failures = unhandled.map(([error, { type }]) => [(error as Error).message, type]);
    const expected = [["First", "listener_failed"], ["Wrong", "part_failed"]];
    assertEquals([failures.sort(), calls], [expected, 1]);
    await session.close();
  }
});

Deno.test("parts with the same name, and members that clash, are rejected", async () => {
  const empty = () => ({});
  const api = (...names: readonly PropertyKey[]) => () => ({ api: Object.fromEntries(names.map((name) => [name, 1])) });
  const refused = (message: string, ...parts: readonly SessionPart[]) =>
    assertThrows(() => start(...parts), TypeError, message);
  refused("the session has one of this name", part("a", empty), part("a", empty));
  let installed = 0;
  refused("the session has one of this name", part("a", empty), part("a", () => (installed++, {})));
  assertEquals(installed, 0);
  refused("the session has a member respond", part("a", api("respond")));
  refused("the session has a member closed", part("a", api("closed")));
  refused("the session has a member Symbol(Symbol.asyncDispose)", part("a", api(Symbol.asyncDispose)));
  refused("the session has a member toString", part("a", api("toString")));
  refused("the session has a member extra", part("a", api("extra")), part("b", api("more", "extra")));
  const { session, unhandled } = start(part("a", api("extra")));
  assertThrows(() => session.install(part("b", api("more", "extra"))), TypeError, "member extra");
  assertEquals("more" in session, false);
  refused("the session has a member __proto__", part("a", api("__proto__")));
  refused("the session has a member constructor", part("a", api("constructor")));
  refused("it would become a promise with a member then", part("a", api("then")));
  assertEquals(session.install(part("b", api("more"))), { more: 1 });
  assertEquals((session as unknown as Frame).more, 1);
  await session.close();
  assertEquals(unhandled, []);
});

Deno.test("openSessionWith() closes the transport and installed parts when a part is rejected", async () => {
  const server = new FakeServer();
  let closed = 0;
  const parts = [part("a", () => ({ close: () => void closed++ })), part("a", () => ({}))];
  await assertRejects(() => openSessionWith(server.transport, { clock: server.clock }, ...parts), TypeError, "part a");
  await server.settle();
  assertEquals([closed, server.closeCode], [1, 1000]);
});

Deno.test("a rejected part is closed, and its configuration is reverted", async () => {
  const closed: unknown[] = [];
  const keeper = () => {};
  const { server, session, unhandled } = start();
  const before = session.install(part("watch", (host) => ({ api: { host } }))) as { readonly host: SessionHost };
  const refusals: readonly SessionPart["install"][] = [
    () => ({ api: { respond: 1 } }),
    ({ session }) => {
      (session as CoreSession).install(part("late", () => ({})));
      return {};
    },
  ];
  for (const install of refusals) {
    const late = part("late", (host) => {
      host.onHeard(() => closed.push("heard"));
      host.takeAudio();
      host.generations.keeper = keeper;
      return { ...install(host), close: (cause, end) => void closed.push(cause.cause, end) };
    });
    const error = assertThrows(() => session.install(late), TypeError);
    assertEquals(closed.splice(0), [error, { type: "closed", code: 1000, reason: "", clean: true }]);
    before.host.reportHeard("item_1", () => "words");
    assertEquals(closed, []);
    assert(before.host.generations.keeper !== keeper);
  }
  const handle = session.respond();
  await server.settle();
  server.create("resp_1");
  const audio = { response_id: "resp_1", item_id: "item_1", output_index: 0, content_index: 0, delta: "AAAA" };
  server.emit({ type: "response.output_audio.delta", ...audio }, responseDone("resp_1"));
  assertEquals((await handle.audio()).length, 3);
  await session.close();
  assertEquals([closed, unhandled], [[], []]);
});

Deno.test("parts learn how the session has ended, even one that is installed later; its end() follows its close()", async () => {
  for (const [code, clean] of [[1000, true], [1006, false]] as const) {
    const seen: unknown[] = [];
    const watch = (name: string) =>
      part(name, () => ({
        close: async ({ close }, closed) => {
          await undefined;
          seen.push([close!.code, closed]);
        },
        end: (closed, error) => void seen.push([closed, error?.close?.code]),
      }));
    const { server, session, unhandled } = start(watch("early"));
    server.close(code, "bye");
    await session.closed;
    const closed = { type: "closed", code, reason: "bye", clean };
    const expected = [[code, closed], [closed, clean ? undefined : code]];
    assertEquals(seen.splice(0), expected);
    session.install(watch("late"));
    assertEquals(seen, []);
    await server.settle();
    assertEquals([seen, unhandled], [expected, []]);
  }
});

Deno.test("a part that is installed during a session receives the events that follow, of every kind", async () => {
  const seen: string[] = [];
  const watch = (name: string) =>
    part(name, () => ({
      before: { "response.created": () => void seen.push(`${name} before`) },
      on: { "*": () => void seen.push(`${name} on`) },
      onReceived: () => void seen.push(`${name} received`),
      onSent: () => void seen.push(`${name} sent`),
    }));
  const { server, session } = start(watch("first"));
  const exchange = async (id: string) => {
    session.send({ type: "output_audio_buffer.clear" });
    server.emit(responseCreated(id));
    await server.settle();
    return seen.splice(0);
  };
  const steps = ["sent", "received", "before", "on"];
  assertEquals(await exchange("resp_1"), steps.map((step) => `first ${step}`));
  session.install(watch("second"));
  assertEquals(await exchange("resp_2"), steps.flatMap((step) => [`first ${step}`, `second ${step}`]));
  await session.close();
});

Deno.test("ask() resolves with the first response if a part fails to tell what follows it", async () => {
  const { server, session, unhandled } = start(part("bad", (host) => (host.provideFollowUps(fail), {})));
  const asking = session.ask("Hello");
  await server.settle();
  server.emit({ type: "conversation.item.added", item: server.last("conversation.item.create").item });
  await server.settle();
  server.create("resp_1");
  server.emit(responseDone("resp_1"));
  assertEquals((await asking).status, "completed");
  assertEquals(unhandled, [[WRONG, { type: "listener_failed", error: WRONG, eventType: "provideFollowUps" }]]);
  await session.close();
});

Deno.test("a part with an asynchronous install is reported, and session.install() rejects it", async () => {
  for (const install of [() => Promise.resolve({}), () => Promise.reject(WRONG)]) {
    const asynchronous = part("slow", install as unknown as SessionPart["install"]);
    const { server, session, unhandled } = start(asynchronous);
    await server.settle();
    const message = "Cannot install part slow as its install() must not be asynchronous";
    assertEquals((unhandled[0]?.[0] as Error).message, message);
    assertThrows(() => session.install({ ...asynchronous, name: "late" }), TypeError, "not be asynchronous");
    await session.close();
    await server.settle();
    const others = unhandled.slice(1).map(([error, { type }]) => [error, type]);
    const isFailing = unhandled.length > 1;
    assertEquals(others, isFailing ? Array(2).fill([WRONG, "part_failed"]) : []);
  }
});

Deno.test("a part whose configure throws or returns an invalid value makes openSession reject", async () => {
  const wrong: readonly [configure: unknown, message: string][] = [
    [fail, "Wrong"],
    [() => Promise.resolve({ type: "realtime" }), "configure() of part a must return a configuration"],
    [() => Promise.reject(WRONG), "configure() of part a must return a configuration"],
    [() => "realtime", "configure() of part a must return a configuration"],
  ];
  for (const [configure, message] of wrong) {
    const server = new FakeServer();
    const opening = openSessionWith(
      server.transport,
      { clock: server.clock },
      part("a", () => ({ configure }) as object),
    );
    await assertRejects(() => opening, Error, message);
    await server.settle();
    assertEquals(server.closeCode, 1000);
  }
});

/** A class of an application. */
class Meter {
  label = "none";
  readonly #types: string[] = [];

  get count(): number {
    return this.#types.length;
  }

  set limit(limit: number) {
    this.#types.length = limit;
  }

  measure(type: string): number {
    this.label = type;
    return this.#types.push(type);
  }
}

class NamedMeter extends Meter {
  override get count(): number {
    return 10 + super.count;
  }

  override measure(type: string): number {
    return 100 + super.measure(type);
  }
}

Deno.test("class members, including inherited ones, are added to the session and keep their own this", async () => {
  const meter = new NamedMeter();
  const { session } = start();
  assertEquals(
    session.install({ name: "meter", install: () => ({ on: { "*": ({ type }) => meter.measure(type) }, api: meter }) }),
    meter,
  );
  const metered = session as CoreSession & NamedMeter;
  meter.measure("a");
  assertEquals([metered.count, metered.label, metered.measure("b")], [11, "a", 102]);
  metered.limit = 1;
  metered.label = "mine";
  assertEquals([meter.count, meter.label, metered.constructor], [11, "mine", CoreSession]);
  assertThrows(
    () => session.install(part("other", () => ({ api: new Meter() }))),
    TypeError,
    "the session has a member",
  );
  await session.close();
});

Deno.test("a part's install may return a class instance", async () => {
  class Watch {
    readonly #seen: string[] = [];
    get api() {
      return { seen: this.#seen };
    }
    onSent({ type }: { readonly type: string }) {
      this.#seen.push(type);
    }
    onReceived({ type }: { readonly type: string }) {
      this.#seen.push(type);
    }
    close() {
      this.#seen.push("close");
    }
    end() {
      this.#seen.push("end");
    }
  }
  const { server, session, unhandled } = start(part("watch", () => new Watch()));
  session.send({ type: "input_audio_buffer.clear" });
  server.emit({ type: "input_audio_buffer.cleared" });
  await server.settle();
  await session.close();
  const { seen } = session as unknown as { readonly seen: readonly string[] };
  assertEquals([seen, unhandled], [["input_audio_buffer.clear", "input_audio_buffer.cleared", "close", "end"], []]);
});

Deno.test("a part can use the session during install, and may return nothing", async () => {
  let host: SessionHost | undefined;
  const { server, session, unhandled } = start(part("eager", (given) => {
    host = given;
    assertEquals(given.session.activeResponse, undefined);
    assert(given.session.closed instanceof Promise);
    given.session.send({ type: "input_audio_buffer.clear" });
    return undefined as unknown as object;
  }));
  await server.settle();
  assertEquals(unhandled, []);
  assertEquals(host?.session, session);
  assertEquals(server.takeTypes(), ["input_audio_buffer.clear"]);
  await session.close();
});

Deno.test("onOther of a part receives events of unknown types and malformed ones, and no others", async () => {
  const seen: string[] = [];
  const { server, session } = start(part("other", () => ({ onOther: ({ type }) => void seen.push(type) })));
  const known = { type: "rate_limits.updated", rate_limits: [] };
  const other = [{ type: "something.new" }, { type: "rate_limits.updated", rate_limits: "none" }];
  server.emit(known, ...other, known, ...other);
  await server.settle();
  assertEquals(seen, ["something.new", "malformed_event", "something.new", "malformed_event"]);
  await session.close();
});

Deno.test("a part may return undefined, null or false instead of handlers", async () => {
  const seen: string[] = [];
  const empty = [undefined, null, false].map((none, index) =>
    part(`empty_${index}`, () => ({ before: none, on: none, onOther: none, onLocal: none }) as unknown as object)
  );
  const other = part("other", () => ({ on: { "*": ({ type }) => void seen.push(type) } }));
  const { server, session, unhandled } = start(...empty, other);
  server.emit({ type: "rate_limits.updated", rate_limits: [] }, { type: "something.new" });
  await server.settle();
  assertEquals([seen, unhandled], [["rate_limits.updated", "something.new"], []]);
  await session.close();
});

Deno.test("a part whose close() never settles delays the end of a session by three seconds", async () => {
  const forever = new Promise<void>(() => {});
  const { server, session, unhandled } = start(part("stuck", () => ({ close: () => forever })));
  const ended = session.close();
  await server.clock.advance(2999);
  assertEquals(await stateOf(ended), "pending");
  await server.clock.advance(1);
  assertEquals(await stateOf(ended), "resolved");
  assertEquals(unhandled.map(([error]) => (error as Error).name), ["TimeoutError"]);
  assertEquals(server.clock.pending, 0);
});

Deno.test("idle() of an ended session resolves, whatever its parts report", async () => {
  const { server, session } = start(part("busy", (host) => {
    host.holdIdle({ isBusy: () => true, isActive: () => true });
    return {};
  }));
  const idle = session.idle();
  await server.settle();
  assertEquals(await stateOf(idle), "pending");
  await session.close();
  assertEquals(await stateOf(idle), "resolved");
  assertEquals(await stateOf(session.idle()), "resolved");
});

Deno.test("parts receive an event in two phases, before readers and listeners", async () => {
  const seen: string[] = [];
  const watch = (name: string): SessionPart =>
    part(name, ({ session }) => {
      const note = (phase: string) => () => void seen.push(`${name} ${phase} ${session.activeResponse?.id}`);
      return {
        before: { "response.created": note("before"), "*": note("before*") },
        on: { "response.created": note("on"), "*": note("on*") },
      };
    });
  const { server, session } = start(watch("a"), watch("b"));
  session.on("response.created", () => seen.push("listener"));
  server.emit(responseCreated("resp_1"));
  await server.settle();
  // Between the phases, only the session itself knows the response.
  assertEquals(seen, [
    ...["a before", "b before", "a before*", "b before*"].map((name) => `${name} undefined`),
    ...["a on", "b on", "a on*", "b on*"].map((name) => `${name} resp_1`),
    "listener",
  ]);
  await session.close();
});

Deno.test("handlers are typed by event type", () => {
  const handlers: ReturnType<SessionPart["install"]> = {
    on: {
      "response.created": (event) => void event.response?.id,
      // @ts-expect-error no such type exists
      "response.createt": () => {},
    },
    before: {
      // @ts-expect-error no such field exists
      "response.done": (event) => void event.respnse,
    },
  };
  assertEquals(Object.keys(handlers.on ?? {}).length, 2);
});

Deno.test("handlers are typed by event type in a part whose type is inferred", async () => {
  const { server: { transport }, session } = start();
  const misspelt = {
    name: "a",
    install: () => ({ on: { "response.created": () => {}, "response.createt": () => {} } }),
  };
  // @ts-expect-error no such type exists
  session.install(misspelt);
  // @ts-expect-error no such type exists
  session.install({ name: "b", install: () => ({ before: { "response.done": () => {}, "response.dun": () => {} } }) });
  const api = session.install({
    name: "c",
    install: (host) => ({ on: { "response.done": (event) => void [host.url, event.response?.id] }, api: { a: 1 } }),
  });
  assertEquals(api?.a.toFixed(), "1");
  const generated: Record<string, () => void> = Object.fromEntries(SERVER_EVENT_TYPES.map((type) => [type, () => {}]));
  session.install({ name: "e", install: () => ({ on: generated }) });
  const misuses = [
    // @ts-expect-error no such type exists
    () => openSessionWith(transport, {}, misspelt),
    // @ts-expect-error no such type exists
    () => connectWith({}, conversationPart(), misspelt),
    // @ts-expect-error no such field exists
    () => connectWith({}, { name: "d", install: () => ({ on: { "error": ({ eror }) => void eror } }) }),
  ];
  assertEquals(misuses.length, 3);
  await session.close();
});

Deno.test("a generic function passes parts on, and checks their handlers", async () => {
  const { server: { transport }, session } = start();
  const install = <Part extends SessionPart>(part: Part & CheckedPart<Part>): ApisOf<[Part]> | undefined =>
    session.install<Part>(part);
  const open = <Parts extends readonly SessionPart[]>(
    ...parts: { readonly [I in keyof Parts]: Parts[I] & CheckedPart<Parts[I]> }
  ) => [() => openSessionWith<Parts>(transport, {}, ...parts), () => connectWith<Parts>({}, ...parts)];
  assertEquals(install({ name: "a", install: () => ({ api: { a: 1 } }) })?.a.toFixed(), "1");
  const misspelt = { name: "b", install: () => ({ on: { "response.done": () => {}, "response.dun": () => {} } }) };
  // @ts-expect-error no such type exists
  install(misspelt);
  // @ts-expect-error no such type exists
  assertEquals(open(conversationPart(), misspelt).length, 2);
  await session.close();
});

/** Counts events by type, as telemetry would. */
function telemetry(): SessionPart<{ readonly counts: ReadonlyMap<string, number> }> {
  const counts = new Map<string, number>();
  const add = (name: string) => void counts.set(name, (counts.get(name) ?? 0) + 1);
  return {
    name: "telemetry",
    install: () => ({
      onReceived: ({ type }) => add(`received ${type}`),
      onSent: ({ type }) => add(`sent ${type}`),
      onLocal: ({ type }) => add(`local ${type}`),
      close: () => add("closed"),
      api: { counts },
    }),
  };
}

/** Saves the conversation after each response, as persistence would. */
function persistence(save: (items: readonly object[]) => Promise<void>): SessionPart {
  return {
    name: "persistence",
    install: ({ session }) => ({
      on: {
        "response.done": () => save((session as unknown as { conversation: ConversationView }).conversation.export()),
      },
    }),
  };
}

for (const overSocket of [false, true]) {
  Deno.test(`connectWith() opens a session with the given parts only, ${overSocket ? "over a socket" : "in memory"}`, async () => {
    const clock = createVirtualClock();
    const simulator = createSimulator(
      overSocket ? { upgrade: denoUpgrade(Deno.upgradeWebSocket) } : { clock, pace: "fast" },
    );
    const listening = overSocket
      ? Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, simulator.fetch)
      : undefined;
    const saved: (readonly object[])[] = [];
    const options = overSocket
      ? { apiKey: "sk-test", baseUrl: `http://127.0.0.1:${listening!.addr.port}/v1` }
      : { apiKey: "sk-test", dial: simulator.dial, clock };
    const opening = connectWith(
      { ...options, outputModalities: ["text"] as const },
      telemetry(),
      conversationPart(),
      persistence((items) => {
        saved.push(items);
        return Promise.resolve();
      }),
    );
    const run = async () => {
      const session = await opening;
      assertEquals((await session.ask("Hello!")).status, "completed");
      await session.close();
      return session;
    };
    const running = run();
    if (!overSocket) await clock.advance(10_000);
    const session = await running;
    assertEquals("usage" in session, false);
    assertEquals(saved.map((items) => items.length), [2]);
    assertEquals(session.counts.get("sent response.create"), 1);
    assertEquals(session.counts.get("received response.done"), 1);
    assertEquals(session.counts.get("closed"), 1);
    await simulator.close();
    await listening?.shutdown();
  });
}

Deno.test("a session without the tools part leaves calls to the application, and with it answers them", async () => {
  for (const parts of [[], [toolsPart()]]) {
    const { server, session } = start(...parts);
    server.emit(responseCreated("resp_1"));
    const item = {
      id: "item_1",
      type: "function_call",
      status: "completed",
      name: "made_up",
      call_id: "call_1",
      arguments: "{}",
    };
    server.emit({ type: "response.output_item.done", response_id: "resp_1", output_index: 0, item });
    await server.settle();
    assertEquals(server.sentOf("conversation.item.create").length, parts.length);
    await session.close();
  }
});

Deno.test("a session that a part suspends and abandons ends as broken", async () => {
  let host: SessionHost | undefined;
  const { server, session } = start(part("keeper", (given) => void (host = given) as never));
  const lost = new ConnectionError("Gone", { kind: "closed", url: server.transport.url });
  host!.generations.suspend(lost);
  assertEquals(session.state, "reconnecting");
  const reading = assertRejects(async () => {
    for await (const _ of session.events());
  }, ConnectionError);
  host!.generations.abandon(WRONG);
  assertEquals(await session.closed, { code: 1006, reason: "", clean: false });
  assertEquals((await reading).cause, WRONG);
  await server.transport.close();
});
