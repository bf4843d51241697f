import { assertEquals } from "@std/assert";
import { FaultLine } from "../../../src/simulator/_faults/fault_line.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import type { Socket } from "../../../src/transport/socket.ts";

/** A line over a socket that records the calls. */
function line() {
  const done: unknown[] = [];
  const socket: Socket = {
    bufferedAmount: 100,
    send: (data) => void done.push(data),
    close: (code, reason) => void done.push([code, reason]),
    listen() {},
  };
  const clock = createVirtualClock();
  return { clock, done, line: new FaultLine(socket, { clock, ids: (prefix) => `${prefix}_1` }) };
}

Deno.test("FaultLine closes with code 1006 on a drop, and sends nothing more", () => {
  const { done, line: faulty } = line();
  faulty.add({ type: "drop" });
  faulty.send("late");
  assertEquals(done, [[1006, ""]]);
});

Deno.test("FaultLine counts held frames in bufferedAmount", async () => {
  const { clock, done, line: faulty } = line();
  faulty.add({ type: "stall", ms: 10 });
  faulty.send("four");
  assertEquals([faulty.bufferedAmount, done], [104, []]);
  await clock.advance(10);
  assertEquals([faulty.bufferedAmount, done], [100, ["four"]]);
});

Deno.test("FaultLine applies several faults to the same frame in the order in which they were set", () => {
  const { done, line: faulty } = line();
  faulty.add({ type: "duplicate", at: "a" });
  faulty.add({ type: "truncate", at: "a", keep: 0.5 });
  faulty.add({ type: "garbage", at: "a", frame: "first" });
  faulty.add({ type: "garbage", at: "a", frame: "second" });
  faulty.send('{"type":"b"}');
  faulty.send('{"type":"a"}');
  faulty.send('{"type":"a"}');
  assertEquals(done, ['{"type":"b"}', "first", "second", '{"type', '{"type', '{"type":"a"}']);
});
