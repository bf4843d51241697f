import {
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { type CloseInfo, ConnectionError, InvalidEventError } from "../../src/errors.ts";
import type { ClientEvent } from "../../src/protocol/mod.ts";
import { type IncomingEvent, MAX_UNREAD_CHARACTERS, type Transport } from "../../src/transport/transport.ts";

/** A transport and its other end. */
export interface Link extends AsyncDisposable {
  readonly transport: Transport;
  /** Sends a frame to the transport. */
  send(frame: string | Uint8Array<ArrayBuffer>): void;
  /** The frames that the transport sent, each once. */
  readonly frames: AsyncIterator<string>;
  /** Ends the connection from the other end. */
  close(code: number, reason: string): void;
  /** How the connection ended, as the other end sees it. */
  readonly closed: Promise<Pick<CloseInfo, "code" | "reason">>;
}

const CLEAR = { type: "input_audio_buffer.clear" } as const;
const COMMIT = { type: "input_audio_buffer.commit" } as const;

/** A frame with an event of an unknown type. */
export function frame(n: number, fill = ""): string {
  return JSON.stringify({ type: "test.event", n, fill });
}

/** Reads events until the stream ends or `count` have come. */
export async function readEvents(transport: Transport, count = Infinity): Promise<IncomingEvent[]> {
  const events: IncomingEvent[] = [];
  if (count === 0) return events;
  for await (const event of transport.events.values({ preventCancel: true })) {
    events.push(event);
    if (events.length === count) break;
  }
  return events;
}

async function nextTypes(link: Link, count: number): Promise<string[]> {
  const types: string[] = [];
  while (types.length < count) types.push(JSON.parse((await link.frames.next()).value).type);
  return types;
}

/** Permitted differences between transports. */
interface Traits {
  /** Its values of playback and sharing by default. */
  readonly says?: readonly [playback: Transport["playback"], shared: boolean];
  /** Whether each side learns the code and the reason of the other; if not, its end has code 1005. */
  readonly carriesCodes?: boolean;
}

/** Registers the tests that every transport passes. */
export function testTransport(
  name: string,
  connect: () => Promise<Link>,
  { says = ["client", false], carriesCodes = true }: Traits = {},
): void {
  /** An end, as reported to the side that did not request it. */
  const learnt = (code: number, reason: string) => carriesCodes ? { code, reason } : { code: 1005, reason: "" };

  Deno.test(`${name} sends events in order while the events are not read`, async () => {
    await using link = await connect();
    const { transport } = link;
    for (const event of [CLEAR, COMMIT, CLEAR]) transport.send(event);
    transport.send({ type: "response.cancel", response_id: "resp_1", event_id: undefined });
    const types = await nextTypes(link, 3);
    assertEquals(types, ["input_audio_buffer.clear", "input_audio_buffer.commit", "input_audio_buffer.clear"]);
    assertEquals((await link.frames.next()).value, `{"type":"response.cancel","response_id":"resp_1"}`);
    assertEquals(transport.bufferedAmount, 0);
  });

  Deno.test(`${name} delivers server events in order, including those before the first read`, async () => {
    await using link = await connect();
    for (let n = 0; n < 100; n++) link.send(frame(n));
    assertEquals((await readEvents(link.transport, 40)).map((event) => "n" in event && event.n), [...Array(40).keys()]);
    for (let n = 100; n < 110; n++) link.send(frame(n));
    const rest = await readEvents(link.transport, 70);
    assertEquals(rest.map((event) => "n" in event && event.n), Array.from({ length: 70 }, (_, index) => index + 40));
  });

  Deno.test(`${name} delivers known events, unknown events and malformed frames as such`, async () => {
    await using link = await connect();
    link.send(`{"type":"input_audio_buffer.cleared","event_id":"event_1","extra":true}`);
    link.send(`{"type":"brand.new","deep":{"er":[1]}}`);
    link.send(`{"type":"response.done","event_id":"event_2","response":[]}`);
    link.send("{not JSON");
    link.send("");
    link.send("[1]");
    const [known, unknown, wrong, broken, empty, array] = await readEvents(link.transport, 6);
    assertEquals(known as unknown, { type: "input_audio_buffer.cleared", event_id: "event_1", extra: true });
    assertEquals(unknown as unknown, { type: "brand.new", deep: { er: [1] } });
    assertEquals(wrong?.type, "malformed_event");
    if (wrong?.type === "malformed_event") {
      assertEquals(wrong.eventType, "response.done");
      assertEquals(wrong.raw, { type: "response.done", event_id: "event_2", response: [] });
    }
    const raws = [broken, empty, array].map((event) => event?.type === "malformed_event" ? event.raw : event);
    assertEquals(raws, ["{not JSON", "", [1]]);
  });

  Deno.test(`${name} reads binary frames as text, and reports those that are not UTF-8 as malformed`, async () => {
    await using link = await connect();
    link.send(new TextEncoder().encode(`{"type":"test.event","n":1,"text":"grün 🎉"}`));
    link.send(new Uint8Array([0, 255, 254, 1]));
    link.send(frame(2));
    const [first, second, third] = await readEvents(link.transport, 3);
    assertEquals(first as unknown, { type: "test.event", n: 1, text: "grün 🎉" });
    assertEquals(second?.type, "malformed_event");
    assertEquals(third?.type, "test.event");
  });

  Deno.test(`${name} rejects an invalid event without sending any of it, unless check is false`, async () => {
    await using link = await connect();
    const wrong = { type: "input_audio_buffer.commit", bogus: 1 } as ClientEvent;
    assertThrows(() => link.transport.send(wrong), InvalidEventError, "input_audio_buffer.commit");
    link.transport.send(wrong, { check: false });
    assertEquals((await link.frames.next()).value, `{"type":"input_audio_buffer.commit","bogus":1}`);
  });

  Deno.test(`${name} validates an event as send() does, and sends nothing`, async () => {
    await using link = await connect();
    const wrong = { type: "input_audio_buffer.commit", bogus: 1 } as ClientEvent;
    assertThrows(() => link.transport.check?.(wrong), InvalidEventError, "input_audio_buffer.commit");
    link.transport.check?.(CLEAR);
    link.transport.send(COMMIT);
    assertEquals(await nextTypes(link, 1), ["input_audio_buffer.commit"]);
  });

  Deno.test(`${name} delivers events sent before close()`, async () => {
    await using link = await connect();
    for (let n = 0; n < 50; n++) link.transport.send(CLEAR);
    void link.transport.close();
    assertEquals((await nextTypes(link, 50)).length, 50);
    assertEquals((await link.frames.next()).done, true);
  });

  Deno.test(`${name} throws a ConnectionError on send() after close(), at once and later`, async () => {
    await using link = await connect();
    const { transport } = link;
    const closed = transport.close();
    const early = assertThrows(() => transport.send(CLEAR), ConnectionError);
    assertMatch(early.message, /^Cannot send input_audio_buffer\.clear as the connection to \S+ is being closed$/);
    assertEquals([early.kind, early.url], ["closed", transport.url]);
    const info = await closed;
    const late = assertThrows(() => transport.send(CLEAR), ConnectionError, "has ended with code 1000");
    assertEquals([late.kind, late.close], ["closed", info]);
    assertEquals((await link.frames.next()).done, true);
  });

  Deno.test(`${name} throws a ConnectionError on send() after the server has closed`, async () => {
    await using link = await connect();
    link.close(1001, "Your session hit the maximum duration of 60 minutes.");
    const info = await link.transport.closed;
    const end = learnt(1001, "Your session hit the maximum duration of 60 minutes.");
    assertEquals(info, { ...end, clean: false });
    const error = assertThrows(() => link.transport.send(CLEAR), ConnectionError, `has ended with code ${end.code}`);
    assertEquals([error.kind, error.close], ["closed", info]);
  });

  Deno.test(`${name} closes once, with the first code and reason`, async () => {
    await using link = await connect();
    const { transport } = link;
    const [first, second] = await Promise.all([transport.close(3001, "enough"), transport.close(3002, "again")]);
    const third = await transport.close();
    assertEquals(first, { code: 3001, reason: "enough", clean: true });
    for (const info of [second, third, await transport.closed]) assertStrictEquals(info, first);
    const { code, reason } = await link.closed;
    assertEquals({ code, reason }, learnt(3001, "enough"));
  });

  Deno.test(`${name} keeps the code when the reason is too long for a close frame`, async () => {
    // 41 characters of three bytes are 123 bytes; the last character of the others does not fit completely.
    const reasons = ["x".repeat(124), "€".repeat(42), "x" + "€".repeat(41), "x".repeat(121) + "🎉"];
    for (const reason of reasons) {
      await using link = await connect();
      const fitting = [
        "x".repeat(123),
        "€".repeat(41),
        "x" + "€".repeat(40),
        "x".repeat(121),
      ][reasons.indexOf(reason)]!;
      void link.transport.close(4001, reason);
      const { code, reason: heard } = await link.closed;
      assertEquals({ code, reason: heard }, learnt(4001, fitting));
      assertEquals(await link.transport.closed, { code: 4001, reason: fitting, clean: true });
    }
  });

  Deno.test(`${name} closes although the reason is no string`, async () => {
    for (const reason of [new Error("over"), null, 5]) {
      await using link = await connect();
      void link.transport.close(4001, reason as never);
      assertEquals(await link.transport.closed, { code: 4001, reason: `${reason}`, clean: true });
    }
  });

  Deno.test(`${name} reports a clean or unclean end, by who ended it and how`, async () => {
    for (const [code, clean] of [[1000, true], [1001, false], [3000, false], [4000, false]] as const) {
      await using link = await connect();
      link.close(code, "over");
      const end = { ...learnt(code, "over"), clean: carriesCodes && clean };
      assertEquals(await link.transport.closed, end);
      assertEquals(await link.transport.close(), end);
    }
  });

  Deno.test(`${name} has ${says[0]} playback and is ${says[1] ? "" : "not "}shared by default`, async () => {
    await using link = await connect();
    assertEquals([link.transport.playback, link.transport.shared], says);
  });

  Deno.test(`${name} closes with 1000 by default, and when its scope ends`, async () => {
    await using link = await connect();
    {
      await using _transport = link.transport;
    }
    assertEquals((await link.transport.closed).code, 1000);
    assertEquals((await link.closed).code, learnt(1000, "").code);
  });

  Deno.test(`${name} ends its events after the queued ones were read`, async () => {
    await using link = await connect();
    link.send(frame(1));
    link.send(frame(2));
    link.close(1000, "");
    await link.transport.closed;
    assertEquals((await readEvents(link.transport)).length, 2);
  });

  Deno.test(`${name} ends a pending read when the connection ends`, async () => {
    await using link = await connect();
    const waiting = link.transport.events.getReader().read();
    await link.transport.close();
    assertEquals((await waiting).done, true);
  });

  Deno.test(`${name} can be read with and without a stream, in turns`, async () => {
    await using link = await connect();
    const read = async () => {
      const { done, value } = await link.transport.read!();
      return done ? "end" : (value as { readonly n?: number }).n;
    };
    const first = read();
    await assertRejects(read, TypeError, "another read is pending");
    for (const n of [1, 2, 3]) link.send(frame(n));
    assertEquals([await first, await read()], [1, 2]);
    assertEquals((await readEvents(link.transport, 1)).map((event) => (event as { n?: number }).n), [3]);
    const last = read();
    link.close(1000, "");
    assertEquals([await last, await read()], ["end", "end"]);
    assertEquals((await link.transport.events.getReader().read()).done, true);
  });

  Deno.test(`${name} can still send after its events were cancelled`, async () => {
    await using link = await connect();
    await link.transport.events.cancel();
    link.send(frame(1));
    link.transport.send(CLEAR);
    assertEquals(await nextTypes(link, 1), ["input_audio_buffer.clear"]);
    assertEquals((await link.transport.close()).code, 1000);
  });

  Deno.test(`${name} closes and fails its events when the unread queue is too large`, async () => {
    await using link = await connect();
    const fill = "x".repeat(4 * 1024 * 1024 - frame(10).length);
    for (let n = 10; n < 10 + MAX_UNREAD_CHARACTERS / (4 * 1024 * 1024); n++) link.send(frame(n, fill));
    link.send(frame(99));
    const { code, reason } = await link.closed;
    assertEquals({ code, reason }, learnt(4008, "events were not read"));
    assertEquals(await link.transport.closed, { code: 4008, reason: "events were not read", clean: false });
    await assertRejects(() => link.transport.read!(), DOMException, `${MAX_UNREAD_CHARACTERS}`);
    const error = await assertRejects(() => readEvents(link.transport), DOMException, `${MAX_UNREAD_CHARACTERS}`);
    assertEquals(error.name, "QuotaExceededError");
    assertInstanceOf(assertThrows(() => link.transport.send(CLEAR)), ConnectionError);
  });

  Deno.test(`${name} buffers as many unread events as its limit allows`, async () => {
    await using link = await connect();
    const fill = "x".repeat(4 * 1024 * 1024 - frame(10).length);
    const count = MAX_UNREAD_CHARACTERS / (4 * 1024 * 1024);
    for (let n = 10; n < 10 + count; n++) link.send(frame(n, fill));
    link.close(1000, "");
    await link.transport.closed;
    assertEquals((await readEvents(link.transport)).length, count);
  });
}
