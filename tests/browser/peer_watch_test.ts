import { assert, assertEquals } from "@std/assert";
import { createVirtualClock } from "@oai-rt/edge/simulator";
import { PeerWatch } from "../../src/browser/_call/peer_watch.ts";

function watch(graceMs: number) {
  const clock = createVirtualClock();
  const log: string[] = [];
  const peer = new PeerWatch(graceMs, clock, {
    onInterrupted: (isInterrupted) => log.push(isInterrupted ? "interrupted" : "connected"),
    onDead: () => log.push("dead"),
  });
  return { clock, log, peer };
}

Deno.test("PeerWatch lets a connection recover within its grace period", async () => {
  const { clock, log, peer } = watch(10_000);
  peer.change("connected");
  peer.change("disconnected");
  await clock.advance(9_999);
  peer.change("connected");
  await clock.advance(60_000);
  assertEquals(log, ["interrupted", "connected"]);
});

Deno.test("PeerWatch ends once when the grace period is over", async () => {
  const { clock, log, peer } = watch(10_000);
  peer.change("disconnected");
  peer.change("connecting");
  peer.change("disconnected");
  await clock.advance(10_000);
  peer.change("failed");
  peer.change("connected");
  assertEquals(log, ["interrupted", "dead"]);
});

Deno.test("PeerWatch treats failed and closed as final, and reports nothing after stop()", async () => {
  for (const state of ["failed", "closed"]) {
    const { log, peer } = watch(10_000);
    peer.change(state);
    assertEquals(log, ["dead"]);
  }
  const { clock, log, peer } = watch(10);
  peer.change("disconnected");
  peer.stop();
  await clock.advance(1000);
  assertEquals(log, ["interrupted"]);
});

Deno.test("PeerWatch restarts the grace period for a page that was frozen", () => {
  let now = 0;
  const timers: (() => void)[] = [];
  const clock = { now: () => now, schedule: (callback: () => void) => (timers.push(callback), () => {}) };
  const log: string[] = [];
  const peer = new PeerWatch(10_000, clock, {
    onInterrupted: (isInterrupted) => log.push(isInterrupted ? "interrupted" : "connected"),
    onDead: () => log.push("dead"),
  });
  peer.change("disconnected");
  // The timer comes a minute late.
  now = 70_000;
  timers.shift()?.();
  assertEquals(log, ["interrupted"]);
  now = 80_000;
  timers.shift()?.();
  assertEquals(log, ["interrupted", "dead"]);
});

Deno.test("PeerWatch ends at most once, and never while connected, through random states", async () => {
  const states = ["new", "connecting", "connected", "disconnected", "failed", "closed"];
  let seed = 1;
  const random = (below: number) => (seed = seed * 48_271 % 2_147_483_647) % below;
  for (let run = 0; run < 300; run++) {
    const { clock, log, peer } = watch(1000);
    let disconnectedFor = 0;
    let isOut = false;
    for (let step = 0; step < 20 && !log.includes("dead"); step++) {
      const state = states[random(run % 3 === 0 ? 6 : 4)]!;
      peer.change(state);
      if (state === "disconnected" && !isOut) [isOut, disconnectedFor] = [true, 0];
      if (state === "connected") isOut = false;
      if (state === "failed" || state === "closed") break;
      const ms = random(700);
      await clock.advance(ms);
      if (isOut) disconnectedFor += ms;
      assertEquals(log.includes("dead"), isOut && disconnectedFor >= 1000);
    }
    assert(log.filter((each) => each === "dead").length <= 1);
  }
});
