import { assertEquals } from "@std/assert";
import { LifeWatch } from "../../src/_recovery/life_watch.ts";
import { LineWatch } from "../../src/_recovery/line_watch.ts";
import type { RecoveryHost } from "../../src/_recovery/recoverable.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";

/** A watch of a line whose server answers neither pings nor probes, and the times in seconds of all it does. */
function watched() {
  const clock = createVirtualClock();
  const startedAt = clock.now();
  let sleptMs = 0;
  /** Lets time pass in which no timer runs, and the monotonic clock stands still. A negative time sets the clock back. */
  const sleep = (ms: number) => void (sleptMs += ms);
  const wallNow = () => clock.now() + sleptMs;
  const done: string[] = [];
  const note = (what: string) => void done.push(`${what} ${(wallNow() - startedAt) / 1000}`);
  const connection = { isOpen: true, transport: { url: "memory:", ping: () => note("ping") } };
  const host = { clock, generations: { connection } } as unknown as RecoveryHost<never, { type: string }>;
  const timeout = new DOMException("Nothing came", "TimeoutError");
  const probe = (timeoutMs: number) => {
    note("probe");
    return new Promise((_, reject) => void clock.schedule(() => reject(timeout), timeoutMs));
  };
  const life = new LifeWatch(clock, wallNow);
  const watch = new LineWatch(host, { probe }, {
    life,
    onTick() {},
    onDead: (_, silentMs) => note(`dead for ${silentMs / 1000}:`),
  });
  return { clock, done, sleep, watch };
}

Deno.test("LineWatch pings after 10 seconds of silence, probes after 30, and gives up 10 seconds later", async () => {
  const { clock, done, watch } = watched();
  await clock.advance(5000);
  watch.reset();
  await clock.advance(50_000);
  watch.stop();
  assertEquals(done, ["ping 20", "ping 30", "ping 40", "probe 40", "ping 50", "dead for 40: 50"]);
});

Deno.test("LineWatch takes whatever arrives during a probe as a sign of life, and nothing from before", async () => {
  const { clock, done, watch } = watched();
  await clock.advance(1000);
  watch.reset();
  void watch.check();
  await clock.advance(9500);
  watch.reset();
  await clock.advance(500);
  watch.reset();
  void watch.check();
  await clock.advance(10_000);
  watch.stop();
  assertEquals(done, ["probe 1", "ping 10", "probe 11", "ping 20", "dead for 10: 21"]);
});

Deno.test("LineWatch probes at the first check after a sleep of the machine", async () => {
  const { clock, done, sleep, watch } = watched();
  await clock.advance(5000);
  watch.reset();
  sleep(60_000);
  await clock.advance(15_000);
  watch.stop();
  assertEquals(done, ["ping 70", "probe 70", "ping 80", "dead for 70: 80"]);
});

Deno.test("LineWatch does not wait longer when the wall clock is set back", async () => {
  const { clock, done, sleep, watch } = watched();
  await clock.advance(15_000);
  sleep(-3_600_000);
  await clock.advance(35_000);
  watch.stop();
  const late = [20, 30, 40, 50].map((second) => second - 3600);
  assertEquals(done, [
    `ping ${late[0]}`,
    `ping ${late[1]}`,
    `ping ${late[2]}`,
    `probe ${late[2]}`,
    `ping ${late[3]}`,
    `dead for 40: ${late[3]}`,
  ]);
});
