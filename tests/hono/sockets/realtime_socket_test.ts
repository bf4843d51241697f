import { assertEquals } from "@std/assert";
import { UsageMeter } from "../../../src/hono/_quotas/usage_meter.ts";
import { RealtimeSocket } from "../../../src/hono/_sockets/realtime_socket.ts";
import { createVirtualClock } from "../../../src/simulator/mod.ts";

/** A socket over a connection that never reports its end, and the frames that it was given. */
function openDeadSocket(responses: readonly string[]) {
  const clock = createVirtualClock();
  const meter = new UsageMeter({}, undefined);
  for (const id of responses) meter.take({ type: "response.created", response: { id } });
  const sent: string[] = [];
  const closes: (number | undefined)[] = [];
  const dead = {
    bufferedAmount: 0,
    send: (frame: string) => void sent.push(frame),
    close: (code?: number) => void closes.push(code),
    listen() {},
  };
  const socket = new RealtimeSocket(dead, { clock, meter, onLastWord() {} });
  let isSettled = false;
  socket.settled.then(() => isSettled = true);
  return { clock, closes, sent, socket, isSettled: () => isSettled };
}

Deno.test("RealtimeSocket settles although its connection is dead", async () => {
  const { clock, closes, isSettled, sent, socket } = openDeadSocket(["resp_1"]);
  socket.close(4000);
  socket.close(4000);
  await clock.advance(9_999);
  assertEquals([sent.length, closes, isSettled()], [2, [], false]);
  await clock.advance(1);
  assertEquals([sent.length, closes, isSettled()], [2, [4000], true]);
});

Deno.test("RealtimeSocket waits for nothing when nothing is in progress", async () => {
  const { clock, closes, isSettled, sent, socket } = openDeadSocket([]);
  socket.close(4000);
  await clock.advance(0);
  assertEquals([sent, closes, isSettled()], [[], [4000], true]);
});
