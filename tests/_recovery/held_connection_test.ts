import { assertEquals, assertThrows } from "@std/assert";
import { ConnectionError } from "../../src/errors.ts";
import { HeldConnection } from "../../src/_recovery/held_connection.ts";
import type { SendOptions, Transport } from "../../src/transport/transport.ts";

interface Out {
  readonly type: string;
  readonly audio?: string;
}

/** A connection that is not open, what happens to its events, and a transport that fails to send some of them. */
function held(failures: Readonly<Record<string, Error>> = {}) {
  const log: unknown[] = [];
  const connection = new HeldConnection<Out, never>({} as Transport<Out, never>, false, {
    sent: ({ type }) => void log.push(`sent ${type}`),
    unsent: (error, { type }) => void log.push(`unsent ${type}: ${(error as Error).message}`),
  });
  const send = ({ type }: Out, options?: SendOptions) => {
    const error = failures[type];
    if (error) throw error;
    log.push([type, options]);
  };
  return { connection, log, transport: { send } as unknown as Transport<Out, never> };
}

Deno.test("HeldConnection sends audio again before everything that waits, without a check", () => {
  const { connection, log, transport } = held();
  connection.send({ type: "first" });
  connection.send({ type: "second" }, { isBase64: true });
  connection.open(transport, [{ type: "again" }]);
  assertEquals(log, [
    ["again", { check: false }],
    "sent again",
    ["first", undefined],
    "sent first",
    ["second", { isBase64: true }],
    "sent second",
  ]);
});

Deno.test("HeldConnection counts events as sent that are lost with their connection, and no invalid ones", () => {
  const { connection, log, transport } = held({
    lost: new ConnectionError("It has ended", { kind: "closed" }),
    invalid: new TypeError("It is no event"),
  });
  for (const type of ["lost", "invalid", "lost"]) connection.send({ type }, { check: false });
  connection.open(transport);
  assertEquals(log, ["sent lost", "unsent invalid: It is no event", "sent lost"]);
  // So are later ones, until the session knows that the connection has ended, or ends it.
  connection.send({ type: "lost" });
  assertEquals(log.at(-1), "sent lost");
  assertThrows(() => connection.send({ type: "invalid" }), TypeError);
  connection.isOver = true;
  assertThrows(() => connection.send({ type: "lost" }), ConnectionError);
});

Deno.test("HeldConnection drops the oldest audio beyond 30 seconds, and returns its length", () => {
  const { connection, log, transport } = held();
  const second = "A".repeat(64_000);
  for (let index = 0; index < 32; index++) {
    connection.send({ type: `audio ${index}`, audio: second });
    if (index === 0) connection.send({ type: "commit" });
  }
  assertEquals(connection.bufferedAmount, 30 * 64_000);
  assertEquals(connection.open(transport), 2 * 64_000);
  const sent = log.filter((entry) => typeof entry === "string");
  assertEquals([sent.length, sent[0], sent[1]], [31, "sent commit", "sent audio 2"]);
});

Deno.test("HeldConnection keeps 4,096 events and any audio, and refuses further events", () => {
  const { connection, log, transport } = held();
  for (let index = 0; index < 4096; index++) connection.send({ type: "event" });
  assertThrows(() => connection.send({ type: "late" }), DOMException, "Cannot send late as 4096 events wait");
  connection.send({ type: "audio", audio: "AAAA" });
  connection.open(transport);
  assertEquals([log.length, log.at(-1)], [2 * 4097, "sent audio"]);
});

Deno.test("HeldConnection checks what waits at once, unless that is not wanted", () => {
  const { connection, log, transport } = held();
  const check = ({ type }: Out) => {
    throw new TypeError(`Not ${type}`);
  };
  connection.transport = { check } as unknown as Transport<Out, never>;
  assertThrows(() => connection.send({ type: "wrong" }), TypeError, "Not wrong");
  connection.send({ type: "unchecked" }, { check: false });
  connection.open(transport);
  assertEquals(log.at(-1), "sent unchecked");
});

Deno.test("HeldConnection tells when it opens, and has the waiting bytes of its line from then on", async () => {
  const { connection, transport } = held();
  const opened = connection.opened!.then(() => "open");
  connection.send({ type: "audio", audio: "AAAA" });
  assertEquals(connection.bufferedAmount, 4);
  connection.open({ ...transport, bufferedAmount: 7 });
  assertEquals([await opened, connection.opened, connection.bufferedAmount], ["open", undefined, 7]);
});
