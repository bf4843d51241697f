import { assert, assertEquals } from "@std/assert";
import { InputKeeper } from "../../src/live/_audio/input_keeper.ts";
import { createSimulator, createVirtualClock } from "../../src/simulator/mod.ts";
import { connectLive } from "../../src/live/mod.ts";
import { ConnectionError } from "../../src/errors.ts";
import type { Dial } from "../../src/transport/mod.ts";
import { decodeBase64 } from "../../src/audio/mod.ts";
import { silence, tone } from "../simulator/_sound.ts";
import { connectRig, eventsOf, settled, speak } from "./_live.ts";

/** Runs the keeper at an interval until a time; returns the filled milliseconds. */
function run(keeper: InputKeeper, fromMs: number, toMs: number, everyMs = 100): number {
  let filled = 0;
  for (let now = fromMs; now <= toMs; now += everyMs) filled += keeper.fill(now);
  return filled;
}

Deno.test("InputKeeper fills the input up to now minus 200 ms, whatever the timers do", () => {
  for (const everyMs of [100, 250, 1_000, 7_000]) {
    const keeper = new InputKeeper(0);
    run(keeper, 0, 21_000, everyMs);
    const last = Math.floor(21_000 / everyMs) * everyMs;
    assertEquals([keeper.sentMs, keeper.filledMs, keeper.lateMs], [last - 200, last - 200, 0], `every ${everyMs} ms`);
  }
});

Deno.test("InputKeeper fills nothing while audio arrives in real time or faster", () => {
  const live = new InputKeeper(0);
  for (let now = 100; now <= 10_000; now += 100) {
    live.sent(100, now);
    assertEquals(live.fill(now), 0);
  }
  const file = new InputKeeper(0);
  file.sent(5_000, 0);
  assertEquals(run(file, 0, 5_200), 0);
  assertEquals(file.fill(5_300), 100);
  assertEquals(file.lateMs, 0, "what is early is not late");
});

Deno.test("InputKeeper counts audio that arrives after silence has taken its place", () => {
  const keeper = new InputKeeper(0);
  for (let now = 100; now <= 1_000; now += 100) keeper.sent(100, now);
  assertEquals(run(keeper, 1_100, 3_000), 1_800);
  // The network was interrupted: the held audio arrives at once.
  for (let piece = 0; piece < 20; piece++) keeper.sent(100, 3_000);
  assertEquals([keeper.filledMs, keeper.lateMs, keeper.sentMs], [1_800, 1_800, 4_800]);
  assertEquals(run(keeper, 3_100, 5_000), 0);
  assertEquals(keeper.fill(5_100), 100);
  // Audio is late only in place of silence; more of it is early.
  for (let piece = 0; piece < 20; piece++) keeper.sent(100, 5_100);
  assertEquals(keeper.lateMs, 1_900);
});

Deno.test("InputKeeper counts late audio even if it arrives in several bursts", () => {
  const keeper = new InputKeeper(0);
  run(keeper, 100, 3_000);
  for (let burst = 0; burst < 3; burst++) {
    keeper.sent(1_000, 3_100 + burst * 100);
    keeper.fill(3_100 + burst * 100);
  }
  assertEquals([keeper.filledMs, keeper.lateMs], [2_800, 2_700]);
});

Deno.test("InputKeeper forgets a gap once the input has kept pace", () => {
  const keeper = new InputKeeper(0);
  run(keeper, 100, 1_000);
  for (let now = 1_000; now <= 3_000; now += 100) {
    keeper.sent(100, now);
    keeper.fill(now);
  }
  keeper.sent(2_000, 3_000);
  assertEquals([keeper.filledMs, keeper.lateMs], [800, 0]);
});

Deno.test("InputKeeper fills at most 60 s of a long gap", () => {
  const keeper = new InputKeeper(0);
  assertEquals(keeper.fill(8 * 3_600_000), 60_000);
  assertEquals(keeper.skippedMs, 8 * 3_600_000 - 60_200);
  assertEquals(keeper.fill(8 * 3_600_000 + 100), 100);
});

Deno.test("a session fills a microphone's gaps, and the server's time advances", async () => {
  const rig = await connectRig();
  await speak(rig, tone(1_000));
  await rig.clock.advance(3_000);
  await speak(rig, tone(1_000));
  const { filledMs, lateMs, sentMs, skippedMs } = rig.session.inputClock;
  assertEquals([lateMs, skippedMs], [0, 0]);
  assert(filledMs >= 2_700 && filledMs <= 3_000, `${filledMs}`);
  assertEquals(rig.server.inputMs, sentMs);
  assert(rig.clock.now() - sentMs <= 300);
});

Deno.test("an incomplete piece of audio is sent before the silence that follows it", async () => {
  const rig = await connectRig();
  const writer = rig.session.input.getWriter();
  const before = rig.sent("session.input_audio.append").length;
  await writer.write(new Int16Array(1_200).fill(257));
  await rig.clock.advance(1_000);
  const sent = rig.sent("session.input_audio.append").slice(before).map(({ audio }) => decodeBase64(String(audio)));
  const first = sent.findIndex((piece) => piece.some((byte) => byte !== 0));
  assertEquals([sent[first]?.length, sent.length > first + 1], [2_400, true]);
  assert(sent.slice(0, first).length <= 1);
});

Deno.test("audio that keeps pace is sent in complete pieces", async () => {
  const rig = await connectRig();
  const writer = rig.session.input.getWriter();
  for (let piece = 0; piece < 100; piece++) {
    await writer.write(new Int16Array(720).fill(257));
    await rig.clock.advance(30);
  }
  const sent = rig.sent("session.input_audio.append").map(({ audio }) => decodeBase64(String(audio)));
  assertEquals([...new Set(sent.filter((piece) => piece.every((byte) => byte === 1)).map(({ length }) => length))], [
    4_800,
  ]);
});

Deno.test("a file that is faster than real time is sent without inserted silence", async () => {
  const rig = await connectRig();
  const writing = rig.session.pipe({ from: [tone(4_000)] });
  await rig.settle(writing);
  assertEquals(rig.server.inputMs, 4_000);
  assertEquals(rig.session.inputClock.filledMs, 0);
  await rig.clock.advance(4_000);
  assertEquals(rig.session.inputClock.filledMs, 0);
  await rig.clock.advance(1_000);
  assert(rig.session.inputClock.filledMs >= 700);
});

Deno.test("say() waits for the time that a fast source has used up in addition to its timeout", async () => {
  const { clock, session, settle } = await connectRig({ ackTimeoutMs: 2_000 });
  await session.pipe({ from: [silence(30_000)] });
  // The input ends on the grid, so that the next cell needs more of it.
  assertEquals(await settle(session.say("Good morning!"), 31_000), { startMs: 30_000, endMs: 30_200 });
  assert(clock.now() > 30_000);
});

Deno.test("a write after the end of the session rejects, whichever side ended it", async () => {
  for (const end of ["close", "drop"] as const) {
    const { clock, server, session, settle } = await connectRig();
    const writer = session.input.getWriter();
    await writer.write(tone(100));
    if (end === "drop") server.close(1011, "gone");
    else await settle(session.close());
    await clock.advance(0);
    const error = await writer.write(tone(100)).then(() => undefined, (error: unknown) => error);
    assert(error instanceof ConnectionError && error.kind === "closed", String(error));
    writer.releaseLock();
    // A source that continues is not at fault.
    assertEquals(await session.pipe({ from: [tone(100)] }), {});
    assertEquals(clock.pending, 0);
  }
});

Deno.test("audio is sent completely, in pieces of any size and in every format", async () => {
  for (
    const [format, bytesOf] of [
      [{ type: "audio/pcm", rate: 24_000 }, 4_800],
      [{ type: "audio/pcm", rate: 16_000 }, 3_200],
      [{ type: "audio/pcmu", rate: 8_000 }, 800],
    ] as const
  ) {
    const rig = await connectRig({ format, keeper: false });
    const bytes = Uint8Array.from({ length: bytesOf * 5 + 6 }, (_, index) => index * 7);
    const writer = rig.session.input.getWriter();
    for (let start = 0; start < bytes.length; start += 333) await writer.write(bytes.subarray(start, start + 333));
    await writer.close();
    const sent = rig.sent("session.input_audio.append").map(({ audio }) => decodeBase64(String(audio)));
    assertEquals(sent.map(({ length }) => length), [...Array(5).fill(bytesOf), 6]);
    assertEquals(sent.flatMap((piece) => [...piece]), [...bytes]);
  }
});

Deno.test("samples of other rates need audioKit, which converts them", async () => {
  const clock = createVirtualClock();
  const simulator = createSimulator({ clock });
  const common = { apiKey: "sk-test", dial: simulator.dial, clock, onUnhandled: () => {} };
  const error = await settled(
    clock,
    connectLive({ ...common, inputRate: 48_000 }).then(() => undefined, (error: unknown) => error),
  );
  assert(error instanceof TypeError && error.message.includes("audioKit"), String(error));
  const audioKit = await import("../../src/audio/mod.ts");
  const session = await settled(clock, connectLive({ ...common, inputRate: 48_000, audioKit, keeper: false }));
  const writer = session.input.getWriter();
  for (let piece = 0; piece < 10; piece++) await writer.write(new Int16Array(4_800));
  await clock.advance(0);
  assert(Math.abs(simulator.liveSessions.at(-1)!.inputMs - 1_000) <= 100);
  await settled(clock, session.close());
});

Deno.test("a new source replaces the previous one, and so does a new sink", async () => {
  const rig = await connectRig();
  async function* endless(sample: number) {
    for (;;) {
      yield new Int16Array(2_400).fill(sample);
      await new Promise<void>((resolve) => rig.clock.schedule(resolve, 100));
    }
  }
  const first: number[] = [];
  const second: number[] = [];
  const one = rig.session.pipe({ from: endless(1), to: (bytes) => void first.push(bytes.length) });
  await rig.clock.advance(1_000);
  const two = rig.session.pipe({ from: endless(2), to: (bytes) => void second.push(bytes.length) });
  await rig.clock.advance(1_000);
  assertEquals(await one, {});
  await rig.settle(rig.session.close());
  assertEquals(await two, {});
  assert(Math.abs((first.length + second.length) * 100 - 2_000) <= 300);
  const values = new Set(
    rig.sent("session.input_audio.append").map(({ audio }) => decodeBase64(String(audio))[0]),
  );
  assertEquals([...values].toSorted(), [0, 1, 2].filter((value) => values.has(value)));
  assert(values.has(1) && values.has(2));
});

Deno.test("output that is read as it arrives is complete, however long the session lasts", async () => {
  const rig = await connectRig();
  let bytes = 0;
  const write = async (piece: Uint8Array) => {
    bytes += piece.length;
    // The reader is late once, by less than the session keeps.
    if (bytes === 15_000 * 48) await new Promise<void>((resolve) => rig.clock.schedule(resolve, 5_000));
  };
  const reading = rig.session.output.pipeTo(new WritableStream({ write }));
  await rig.clock.advance(30_000);
  await rig.settle(rig.session.close());
  await reading;
  const received = eventsOf(rig.told, "session.output_audio.delta").map(({ delta }) => decodeBase64(delta).length);
  assert(bytes > 20_000 * 48, `${bytes}`);
  assertEquals(bytes, received.reduce((sum, length) => sum + length, 0));
});

Deno.test("unread output is dropped, oldest first, and the session continues", async () => {
  const rig = await connectRig();
  await rig.clock.advance(30_000);
  const reader = rig.session.output.getReader();
  let ms = 0;
  await rig.settle(rig.session.close());
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    ms += value.length / 48;
  }
  assertEquals(ms, 10_000);
  assertEquals(silence(1).length, 24);
});

/** A connection whose send queue the test controls. */
function slowLine(bufferedAmount: () => number): (dial: Dial) => Dial {
  return (dial) => async (request) => {
    const socket = await dial(request);
    return {
      listen: (handlers) => socket.listen(handlers),
      send: (data) => socket.send(data),
      close: (code, reason) => socket.close(code, reason),
      get bufferedAmount() {
        return bufferedAmount();
      },
    };
  };
}

Deno.test("on a slow connection the oldest audio is dropped, or the source waits", async () => {
  for (const overflow of ["drop-oldest", "wait"] as const) {
    let bufferedAmount = 0;
    const rig = await connectRig({ overflow, maxLagMs: 1_000, keeper: false }, {}, slowLine(() => bufferedAmount));
    bufferedAmount = 1_000_000;
    const writer = rig.session.input.getWriter();
    let isWritten = false;
    const written = writer.write(tone(3_000)).then(() => void (isWritten = true));
    await rig.clock.advance(100);
    const { droppedMs, lagMs } = rig.session.inputClock;
    assertEquals([droppedMs > 0, lagMs > 1_000, isWritten], [overflow === "drop-oldest", true, overflow !== "wait"]);
    bufferedAmount = 0;
    await rig.settle(written);
    await rig.clock.advance(100);
    assertEquals(rig.session.inputClock.lagMs, 0);
    assertEquals(rig.server.inputMs, 3_000 - droppedMs);
    await rig.settle(rig.session.close());
  }
});

Deno.test("a piece written before mute() is sent, and none after it", async () => {
  const rig = await connectRig({ keeper: false });
  const writer = rig.session.input.getWriter();
  await writer.write(new Int16Array(1_200).fill(257));
  const muting = rig.session.mute();
  await writer.write(new Int16Array(2_400).fill(257));
  const unmuting = rig.session.unmute();
  await writer.write(new Int16Array(2_400).fill(257));
  const sent = rig.sent("session.input_audio.append").map(({ audio }) => decodeBase64(String(audio)));
  await rig.settle(Promise.all([muting, unmuting]));
  assertEquals(sent.map((piece) => [piece.length, piece[0]]), [[2_400, 1], [4_800, 0], [4_800, 1]]);
});

Deno.test("audio settings out of range are rejected before anything is dialled", async () => {
  let dials = 0;
  const dial = () => (dials++, Promise.reject(new Error("no")));
  for (const wrong of [{ chunkMs: 10 }, { chunkMs: 201 }, { maxLagMs: 50 }]) {
    const error = await connectLive({ apiKey: "sk-test", dial, ...wrong }).then(() => undefined, (error) => error);
    assert(error instanceof RangeError && error.message.includes(Object.keys(wrong)[0]!), String(error));
  }
  assertEquals(dials, 0);
});

Deno.test("InputKeeper inserts no silence before audio that waits for a slow connection", async () => {
  let bufferedAmount = 0;
  const rig = await connectRig({ maxLagMs: 1_000 }, {}, slowLine(() => bufferedAmount));
  await speak(rig, tone(500));
  const before = rig.session.inputClock.filledMs;
  bufferedAmount = 1_000_000;
  const written = rig.session.pipe({ from: [tone(1_000)] });
  await rig.clock.advance(5_000);
  assertEquals(rig.session.inputClock.filledMs, before);
  bufferedAmount = 0;
  await rig.settle(written);
  await rig.clock.advance(200);
  const { filledMs, sentMs } = rig.session.inputClock;
  assertEquals([rig.server.inputMs, sentMs], [sentMs, filledMs + 1_500]);
  assert(filledMs > before && rig.clock.now() - sentMs <= 300);
});
