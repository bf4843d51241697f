import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import * as audioKit from "../../../src/audio/mod.ts";
import { ConnectionError } from "../../../src/errors.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { SessionInput } from "../../../src/_media/input_port.ts";
import type { Session } from "../../../src/session/mod.ts";
import { AudioInput } from "../../../src/_media/audio_input.ts";
import type { AudioInputOptions, InputEnd } from "../../../src/_media/input_options.ts";

/** The part of a session that the input needs. */
function fakeSession(
  input: Record<string, unknown> = { turn_detection: { type: "server_vad", silence_duration_ms: 300 } },
) {
  const closed = Promise.withResolvers<{ code: number; reason: string; clean: boolean }>();
  const fake = {
    config: { type: "realtime", audio: { input } },
    bufferedAmount: 0,
    appended: [] as Uint8Array[],
    commits: 0,
    closed: closed.promise,
    end: () => closed.resolve({ code: 1000, reason: "", clean: true }),
    appendAudio: (audio: Uint8Array) => void fake.appended.push(audio.slice()),
    commitAudio: () => Promise.resolve(`item_${++fake.commits}`),
  };
  return fake;
}

function inputOf(session: ReturnType<typeof fakeSession>, options: Partial<AudioInputOptions> = {}) {
  const clock = createVirtualClock();
  let lags = 0;
  const input = new AudioInput(new SessionInput(session as unknown as Session, (end) => end()), {
    chunkMs: 100,
    overflow: "wait",
    maxLagMs: 1000,
    clock,
    isMuted: () => false,
    onLag: () => lags++,
    ...options,
  });
  const writer = input.stream.getWriter();
  writer.closed.catch(() => {});
  return { clock, input, writer, lags: () => lags };
}

/** The buffered amount of a socket that holds this much 24 kHz audio. */
const wireBytes = (ms: number) => ms * 48 * 4 / 3;

/** Sizes of the appends that end a turn with this much silence at 24 kHz. */
const quiet = (ms: number) => Array<number>(ms / 100).fill(4800);

const sizes = (session: ReturnType<typeof fakeSession>) => session.appended.map(({ length }) => length);

Deno.test("AudioInput rejects options out of range", () => {
  for (const chunkMs of [19, 201, NaN]) {
    assertThrows(() => inputOf(fakeSession(), { chunkMs }), RangeError, `current value is ${chunkMs}`);
  }
  assertThrows(() => inputOf(fakeSession(), { maxLagMs: 99 }), RangeError, "current value is 99");
  inputOf(fakeSession(), { chunkMs: 20 });
  inputOf(fakeSession(), { chunkMs: 200 });
  inputOf(fakeSession(), { maxLagMs: 100 });
});

Deno.test("AudioInput keeps the order of its audio when the socket has room again before the queue is sent", async () => {
  const session = fakeSession();
  const { clock, input, writer } = inputOf(session, { overflow: "drop-oldest" });
  session.bufferedAmount = wireBytes(400);
  await writer.write(new Uint8Array(4800).fill(1));
  await writer.write(new Uint8Array(4800).fill(2));
  session.bufferedAmount = 0;
  await writer.write(new Uint8Array(4800).fill(3));
  assertEquals([sizes(session), input.lagMs], [[], 300]);
  await clock.advance(20);
  assertEquals([session.appended.map(([first]) => first), input.lagMs], [[1, 2, 3], 0]);
});

Deno.test("AudioInput reports the lag of what still waits while the queue is being sent", async () => {
  const session = fakeSession();
  const { clock, input } = inputOf(session);
  session.bufferedAmount = wireBytes(1001);
  input.writeNow(new Uint8Array(3 * 48_000));
  session.bufferedAmount = 0;
  const append = session.appendAudio;
  const lags: number[] = [];
  session.appendAudio = (audio) => {
    append(audio);
    lags.push(input.lagMs);
  };
  await clock.advance(20);
  assertEquals(lags, [2000, 1000, 0]);
});

Deno.test("AudioInput commits the end of a source only after all of its audio has left", async () => {
  const session = fakeSession({ turn_detection: null });
  const { clock, writer } = inputOf(session, { inputEnd: "commit", overflow: "drop-oldest" });
  session.bufferedAmount = wireBytes(400);
  await writer.write(new Uint8Array(4800));
  const closing = writer.close();
  await clock.advance(100);
  assertEquals([sizes(session), session.commits], [[], 0]);
  session.bufferedAmount = 0;
  await clock.advance(20);
  await closing;
  assertEquals([sizes(session), session.commits], [[4800], 1]);
});

Deno.test("AudioInput sends all of a turn at its end, even if the socket is backed up", async () => {
  const session = fakeSession({ turn_detection: null });
  const { clock, input } = inputOf(session, { preRollMs: 0 });
  input.beginTurn();
  session.bufferedAmount = wireBytes(5000);
  input.writeNow(new Uint8Array(4800).fill(1));
  input.writeNow(new Uint8Array(2400).fill(2));
  assertEquals(sizes(session), []);
  input.endTurn();
  assertEquals(session.appended.map(([first]) => first), [1, 2]);
  // The next turn waits again, and nothing is sent twice.
  await clock.advance(100);
  assertEquals([sizes(session), clock.pending], [[4800, 2400], 0]);
});

Deno.test("AudioInput begins a turn with the most recent audio, in order and in the current format", async () => {
  const session = fakeSession({ turn_detection: null });
  const { input, writer } = inputOf(session, { preRollMs: 300 });
  for (let i = 1; i <= 5; i++) await writer.write(new Uint8Array(4800).fill(i));
  input.beginTurn();
  assertEquals([session.appended.map(([first]) => first), input.speechAtMs], [[3, 4, 5], 300]);
  input.endTurn();
  await writer.write(new Uint8Array(4800));
  session.config = { type: "realtime", audio: { input: G711 } };
  await writer.write(new Uint8Array(800));
  input.beginTurn();
  assertEquals(sizes(session).slice(3), [800]);
});

Deno.test("AudioInput drops an incomplete chunk when its stream is aborted, although another source follows", async () => {
  const session = fakeSession();
  const { input, writer } = inputOf(session);
  await writer.write(new Uint8Array(2400).fill(1));
  await writer.abort(new Error("The microphone was unplugged"));
  await input.open().write(new Uint8Array(4800).fill(2));
  assertEquals(session.appended.map((bytes) => [bytes.length, new Set(bytes)]), [[4800, new Set([2])]]);
});

Deno.test("AudioInput waits while the socket is backed up, reports the lag once, and resumes", async () => {
  const session = fakeSession();
  const { clock, input, writer, lags } = inputOf(session);
  session.bufferedAmount = wireBytes(1001);
  let written = false;
  writer.write(new Uint8Array(9600)).then(() => written = true);
  await clock.advance(5000);
  assertEquals([sizes(session), written, lags()], [[], false, 1]);
  assertEquals(Math.round(input.lagMs), 1101);
  session.bufferedAmount = wireBytes(1000);
  await clock.advance(50);
  assertEquals([sizes(session), written, clock.pending], [[4800, 4800], true, 0]);
  session.bufferedAmount = wireBytes(2000);
  writer.write(new Uint8Array(4800)).catch(() => {});
  await clock.advance(100);
  assertEquals(lags(), 2);
  session.bufferedAmount = 0;
  await clock.advance(20);
  assertEquals([input.lagMs, input.droppedMs], [0, 0]);
});

Deno.test("AudioInput stops waiting when the session ends", async () => {
  const session = fakeSession();
  const { clock, writer } = inputOf(session);
  session.bufferedAmount = Infinity;
  const writing = writer.write(new Uint8Array(4800));
  writing.catch(() => {});
  await clock.advance(100);
  session.end();
  const { kind, close } = await assertRejects(() => writing, ConnectionError);
  assertEquals([kind, close?.code, clock.pending], ["closed", 1000, 0]);
});

Deno.test("AudioInput with drop-oldest never blocks its source, keeps the newest audio, and counts the dropped", async () => {
  const session = fakeSession();
  const { clock, input, writer, lags } = inputOf(session, { overflow: "drop-oldest" });
  session.bufferedAmount = wireBytes(400);
  await writer.write(new Uint8Array(4800).fill(0));
  // The lag is reported before any audio is dropped.
  assertEquals([lags(), input.droppedMs], [1, 0]);
  for (let i = 1; i < 15; i++) await writer.write(new Uint8Array(4800).fill(i));
  assertEquals([sizes(session), input.droppedMs, lags(), Math.round(input.lagMs)], [[], 900, 10, 1000]);
  session.bufferedAmount = 0;
  await clock.advance(20);
  assertEquals(session.appended.map(([first]) => first), [9, 10, 11, 12, 13, 14]);
  assertEquals([input.lagMs, input.droppedMs, clock.pending], [0, 900, 0]);
  await writer.write(new Uint8Array(4800));
  await writer.close();
  assertEquals(sizes(session).slice(6), [4800, ...quiet(500)]);
});

Deno.test("AudioInput with drop-oldest still sends queued audio on close, and errors when the session ends", async () => {
  const session = fakeSession();
  const { clock, writer } = inputOf(session, { overflow: "drop-oldest" });
  session.bufferedAmount = wireBytes(400);
  await writer.write(new Uint8Array(9600));
  const closing = writer.close();
  await clock.advance(20);
  assertEquals(sizes(session), []);
  session.bufferedAmount = 0;
  await clock.advance(20);
  await closing;
  assertEquals(sizes(session), [4800, 4800, ...quiet(500)]);

  const ending = fakeSession();
  const failing = inputOf(ending, { overflow: "drop-oldest" });
  ending.bufferedAmount = Infinity;
  await failing.writer.write(new Uint8Array(4800));
  ending.end();
  await assertRejects(() => failing.writer.closed, ConnectionError);
  assertEquals(failing.clock.pending, 0);
});

Deno.test("AudioInput ends as inputEnd says, and by default as the turn detection requires", async () => {
  const vad = { type: "server_vad", silence_duration_ms: 300 };
  const semantic = (eagerness: string) => ({ turn_detection: { type: "semantic_vad", eagerness } });
  const cases: readonly (readonly [Record<string, unknown>, InputEnd | undefined, number[], number])[] = [
    [{ turn_detection: vad }, undefined, [480, ...quiet(500)], 0],
    [semantic("low"), undefined, [480, ...quiet(8200)], 0],
    [semantic("medium"), undefined, [480, ...quiet(4200)], 0],
    [semantic("high"), undefined, [480, ...quiet(2200)], 0],
    [semantic("auto"), undefined, [480, ...quiet(4200)], 0],
    [{ turn_detection: null }, undefined, [480], 0],
    [{ turn_detection: null }, "commit", [480], 1],
    [{ turn_detection: vad }, "nothing", [480], 0],
  ];
  for (const [config, inputEnd, expected, commits] of cases) {
    const session = fakeSession(config);
    const { writer } = inputOf(session, { inputEnd });
    await writer.write(new Uint8Array(481));
    await writer.close();
    assertEquals([sizes(session), session.commits], [expected, commits]);
  }
});

Deno.test("AudioInput commits at the end of a source only if audio was sent since the last commit", async () => {
  const session = fakeSession({ turn_detection: null });
  const { input } = inputOf(session, { inputEnd: "commit" });
  await input.open().end();
  assertEquals(session.commits, 0);
  const first = input.open();
  await first.write(new Uint8Array(480));
  await first.stop();
  await input.open().end(); // continues the turn of the first one
  assertEquals(session.commits, 1);
  await input.open().end();
  assertEquals(session.commits, 1);
});

Deno.test("AudioInput commits at the end of the next source after a commit was rejected", async () => {
  const session = fakeSession({ turn_detection: null });
  const { input } = inputOf(session, { inputEnd: "commit" });
  const { commitAudio } = session;
  session.commitAudio = () => Promise.reject(new TypeError("rejected"));
  const source = input.open();
  await source.write(new Uint8Array(480));
  await assertRejects(() => source.end(), TypeError, "rejected");
  session.commitAudio = commitAudio;
  await input.open().end();
  assertEquals(session.commits, 1);
});

const G711 = { format: { type: "audio/pcmu" }, turn_detection: { type: "server_vad", silence_duration_ms: 300 } };

Deno.test("AudioInput accepts encoded bytes if the session uses G.711, and ends in G.711 silence", async () => {
  const session = fakeSession(G711);
  const { writer } = inputOf(session, { chunkMs: 20 });
  await writer.write(new Uint8Array(160).fill(7));
  await writer.close();
  assertEquals(sizes(session), Array(26).fill(160));
  for (const silent of session.appended.slice(1)) assertEquals(new Set(silent), new Set([0xff]));

  // A byte is a sample.
  const odd = fakeSession({ ...G711, turn_detection: null });
  const odds = inputOf(odd, { chunkMs: 20 }).writer;
  await odds.write(new Uint8Array(81).fill(7));
  await odds.write(new Uint8Array(80).fill(8));
  await odds.close();
  assertEquals(odd.appended.map((bytes) => [bytes.length, bytes[0], bytes.at(-1)]), [[160, 7, 8], [1, 8, 8]]);

  const refused = inputOf(session, { chunkMs: 20 }).writer;
  await assertRejects(() => refused.write(new Int16Array(10)), TypeError, "audioKit is missing");
});

Deno.test("AudioInput passes bytes through at the session's own rate, and converts samples only with an audioKit", async () => {
  const session = fakeSession({ format: { type: "audio/pcm", rate: 16_000 }, turn_detection: null });
  const { writer } = inputOf(session);
  const bytes = new Uint8Array(3200).fill(7);
  await writer.write(bytes);
  assertEquals(session.appended, [bytes]);
  await assertRejects(() => writer.write(new Int16Array(10)), TypeError, "audioKit is missing");
});

Deno.test("AudioInput resamples chunks of any type at another rate, however they are split", async () => {
  const samples = Int16Array.from({ length: 48_000 }, (_, i) => 12_000 * Math.sin(i * 2 * Math.PI * 440 / 48_000));
  const bytes = audioKit.toBytes(samples);
  const expected = audioKit.toBytes(audioKit.float32ToPcm16(audioKit.resample(samples, { from: 48_000, to: 24_000 })));
  const forms = {
    samples: [samples.subarray(0, 777), samples.subarray(777)],
    floats: [audioKit.pcm16ToFloat32(samples)],
    bytes: [bytes.subarray(0, 4801), bytes.subarray(4801)],
  };
  for (const [form, chunks] of Object.entries(forms)) {
    const session = fakeSession();
    const { writer } = inputOf(session, { inputRate: 48_000, audioKit, inputEnd: "nothing" });
    for (const chunk of chunks) await writer.write(chunk);
    await writer.close();
    assertEquals(sizes(session), Array(10).fill(4800), form);
    assertEquals(new Uint8Array(await new Blob(session.appended as Uint8Array<ArrayBuffer>[]).arrayBuffer()), expected);
  }
});

Deno.test("AudioInput encodes samples for a G.711 session", async () => {
  for (const inputRate of [undefined, 8000]) {
    const session = fakeSession(G711);
    const { writer } = inputOf(session, { chunkMs: 20, inputRate, audioKit, inputEnd: "nothing" });
    const samples = new Int16Array((inputRate ?? 24_000) / 10).fill(8000);
    await writer.write(samples);
    await writer.close();
    assertEquals(sizes(session), Array(5).fill(160));
    const heard = audioKit.decodeG711(session.appended[2]!, "audio/pcmu");
    assert(heard.every((sample) => Math.abs(sample - 8000) < 260), `${heard}`);
  }
});

Deno.test("AudioInput names the missing audioKit when audio must be converted", async () => {
  assertThrows(
    () => inputOf(fakeSession(), { inputRate: 16_000 }),
    TypeError,
    "Cannot convert samples at 16000 Hz to audio/pcm at 24000 Hz",
  );
  assertThrows(() => inputOf(fakeSession(), { inputRate: 12, audioKit }), RangeError, "12");
  const { writer } = inputOf(fakeSession(), { inputRate: 24_000 });
  await writer.write(new Uint8Array(10));
  await assertRejects(() => writer.write([1, 2] as unknown as Uint8Array), TypeError, "a chunk must be");
});

Deno.test("AudioInput sends silence of the same length while it is muted", async () => {
  const session = fakeSession(G711);
  let isMuted = false;
  const { writer } = inputOf(session, { chunkMs: 20, isMuted: () => isMuted });
  await writer.write(new Uint8Array(160).fill(7));
  isMuted = true;
  await writer.write(new Uint8Array(160).fill(7));
  assertEquals(session.appended, [new Uint8Array(160).fill(7), new Uint8Array(160).fill(0xff)]);
});

Deno.test("AudioInput mutes what is written while it is muted, even if that is part of a chunk", async () => {
  const session = fakeSession();
  let isMuted = false;
  const { writer } = inputOf(session, { isMuted: () => isMuted });
  for (let piece = 0; piece < 10; piece++) {
    isMuted = piece > 1 && piece < 7;
    await writer.write(new Uint8Array(960).fill(piece + 1));
  }
  const heard = session.appended.flatMap((chunk) => [...chunk].filter((_, index) => index % 960 === 0));
  assertEquals([heard, sizes(session)], [[1, 2, 0, 0, 0, 0, 0, 8, 9, 10], [4800, 4800]]);
});

Deno.test("AudioInput sends nothing more once it is aborted", async () => {
  const session = fakeSession();
  const { writer } = inputOf(session);
  await writer.write(new Uint8Array(4900));
  await writer.abort(new Error("The microphone was unplugged"));
  assertEquals(sizes(session), [4800]);
});

Deno.test("AudioInput aborted while it waits stops waiting, and sends none of the queued audio", async () => {
  for (const overflow of ["wait", "drop-oldest"] as const) {
    const session = fakeSession();
    const { clock, input, writer } = inputOf(session, { overflow });
    session.bufferedAmount = Infinity;
    writer.write(new Uint8Array(9600)).catch(() => {});
    await clock.advance(50);
    await writer.abort(new Error("The microphone was unplugged"));
    session.bufferedAmount = 0;
    await clock.advance(100);
    assertEquals([sizes(session), input.lagMs, clock.pending], [[], 0, 0], overflow);
  }
});

Deno.test("AudioInput sends its final silence only when the socket has room", async () => {
  const session = fakeSession();
  const { clock, writer } = inputOf(session);
  await writer.write(new Uint8Array(4800));
  session.bufferedAmount = wireBytes(1001);
  const closing = writer.close();
  await clock.advance(100);
  assertEquals(sizes(session), [4800]);
  session.bufferedAmount = 0;
  await clock.advance(20);
  await closing;
  assertEquals(sizes(session), [4800, ...quiet(500)]);
});

for (const overflow of ["wait", "drop-oldest"] as const) {
  Deno.test(`AudioInput with overflow ${overflow} sends nothing in a former format of the session`, async () => {
    const session = fakeSession();
    const told: number[] = [];
    const { clock, input, writer } = inputOf(session, {
      audioKit,
      maxLagMs: 400,
      overflow,
      onLag: () => void told.push(input.droppedMs),
    });
    session.bufferedAmount = wireBytes(1001);
    // Ten seconds in one write.
    let written = false;
    writer.write(new Int16Array(240_000).fill(3000)).then(() => written = true);
    await clock.advance(50);
    assertEquals(session.appended, []);
    session.config = { type: "realtime", audio: { input: G711 } };
    session.bufferedAmount = 0;
    await clock.advance(50);
    assertEquals(written, true);
    await writer.write(new Int16Array(7200).fill(3000));
    await clock.advance(50);
    const [byte] = audioKit.encodeG711(new Int16Array(1).fill(3000), "audio/pcmu");
    // The first sample of a resampler is not at full level.
    const isMuLaw = session.appended.slice(1).every((bytes) => bytes.at(-1) === byte);
    assertEquals(new Set(sizes(session)), new Set([800]));
    assert(isMuLaw && session.appended.length > 0, `${session.appended.map(({ length }) => length)}`);
    const sentMs = session.appended.length * 100;
    assert(Math.abs(sentMs + input.droppedMs - 10_300) <= 100, `${sentMs} ms and ${input.droppedMs} ms`);
    assertEquals([told[0], told.at(-1), input.lagMs], [0, input.droppedMs, 0]);
  });
}

Deno.test("AudioInput keeps samples whole, however bytes are split", async () => {
  const session = fakeSession();
  const { writer } = inputOf(session, { chunkMs: 20, inputEnd: "nothing" });
  const samples = new Int16Array(481).fill(0x0102);
  const bytes = audioKit.toBytes(samples);
  await writer.write(bytes.subarray(0, 481));
  await writer.write(new Uint8Array(0));
  await writer.write(new Float32Array(479).fill(0x0102 / 32_768));
  await writer.write(bytes.subarray(481));
  await writer.close();
  assertEquals(sizes(session), [960, 960]);
  for (const sent of session.appended) assertEquals(new Set(audioKit.toInt16(sent)), new Set([0x0102]));
});

Deno.test("AudioInput keeps samples whole if an even number of bytes follows half a sample", async () => {
  const session = fakeSession();
  const { writer } = inputOf(session, { chunkMs: 20, inputEnd: "nothing" });
  const bytes = audioKit.toBytes(new Int16Array(481).fill(0x0102));
  await writer.write(bytes.subarray(0, 1));
  await writer.write(bytes.subarray(1, 961));
  await writer.close();
  assertEquals(sizes(session), [960]);
  assertEquals(new Set(audioKit.toInt16(session.appended[0]!)), new Set([0x0102]));
});

Deno.test("AudioInput accepts samples that are NaN or out of range, and splits a huge chunk", async () => {
  const session = fakeSession();
  const { writer } = inputOf(session, { inputEnd: "nothing" });
  await writer.write(new Float32Array(2400).map((_, i) => [NaN, 7, -Infinity, Infinity][i % 4]!));
  assertEquals([...audioKit.toInt16(session.appended[0]!).subarray(0, 4)], [0, 32_767, -32_768, 32_767]);
  await writer.write(new Uint8Array(20 * 1024 * 1024));
  assertEquals(new Set(sizes(session)), new Set([4800]));
  assertEquals(session.appended.length, 1 + Math.floor(20 * 1024 * 1024 / 4800));
  await writer.close();
  await assertRejects(() => writer.close(), TypeError);
});

Deno.test("AudioInput copies a chunk that it keeps after its write resolves", async () => {
  const buffer = new Uint8Array(4800).fill(1);
  const late = fakeSession();
  const dropping = inputOf(late, { overflow: "drop-oldest" });
  late.bufferedAmount = wireBytes(500);
  await dropping.writer.write(buffer);
  const held = fakeSession();
  const rolling = inputOf(held, { preRollMs: 100 });
  await rolling.writer.write(buffer);
  buffer.fill(2);
  late.bufferedAmount = 0;
  await dropping.clock.advance(20);
  rolling.input.beginTurn();
  assertEquals([late.appended[0]?.[0], held.appended[0]?.[0]], [1, 1]);
});

Deno.test("AudioInput adds only one handler to session.closed while it waits", async () => {
  const session = fakeSession();
  let waiting = 0;
  const { closed } = session;
  const then = closed.then.bind(closed);
  closed.then = ((...handlers: Parameters<typeof then>) => {
    waiting++;
    return then(...handlers);
  }) as typeof closed.then;
  const { clock, writer } = inputOf(session);
  session.bufferedAmount = Infinity;
  writer.write(new Uint8Array(4800)).catch(() => {});
  await clock.advance(10_000);
  assertEquals(waiting, 1);
  session.end();
  await clock.advance(20);
  assertEquals(clock.pending, 0);
});

/** A socket that sends at a speed, in milliseconds of audio per millisecond, when the event loop runs. */
function drainSocket(
  session: ReturnType<typeof fakeSession>,
  clock: ReturnType<typeof createVirtualClock>,
  speed: number,
) {
  const bytesPerMs = speed * 48 * 4 / 3;
  const tick = () => {
    session.bufferedAmount = Math.max(0, session.bufferedAmount - 10 * bytesPerMs);
    stop = clock.schedule(tick, 10);
  };
  let stop = clock.schedule(tick, 10);
  const { appendAudio } = session;
  session.appendAudio = (audio) => {
    session.bufferedAmount += audio.length * 4 / 3 + 60;
    appendAudio(audio);
  };
  return () => stop();
}

Deno.test("AudioInput recovers from lag with every chunk size and overflow policy, and reports lag before it drops", async () => {
  for (const overflow of ["wait", "drop-oldest"] as const) {
    for (const chunkMs of [20, 40, 60, 100, 200]) {
      const session = fakeSession({ turn_detection: null });
      const dropped: number[] = [];
      const told: string[] = [];
      const set = inputOf(session, {
        chunkMs,
        overflow,
        maxLagMs: 400,
        onLag: () => {
          dropped.push(set.input.droppedMs);
          told.push("lag");
        },
      });
      const { clock, input, writer } = set;
      const stop = drainSocket(session, clock, 4);
      const piece = () => new Uint8Array(chunkMs * 48);
      for (let ms = 0; ms < 2000; ms += chunkMs) {
        writer.write(piece()).catch(() => {});
        await clock.advance(chunkMs);
      }
      assertEquals([input.lagMs < chunkMs, told], [true, []], `${overflow}, ${chunkMs} ms: a steady stream`);
      // The event loop is blocked for 600 ms: all of the microphone's audio arrives at once.
      for (let ms = 0; ms < 600; ms += chunkMs) writer.write(piece()).catch(() => {});
      await clock.advance(chunkMs);
      assertEquals(dropped[0] ?? 0, 0, `${overflow}, ${chunkMs} ms: told first`);
      let highest = 0;
      for (let ms = 0; ms < 3000; ms += chunkMs) {
        writer.write(piece()).catch(() => {});
        await clock.advance(chunkMs);
        if (ms > 1000) highest = Math.max(highest, input.lagMs);
      }
      assert(highest < chunkMs, `${overflow}, ${chunkMs} ms: ${highest} ms of lag`);
      stop();
      // All audio that was not dropped has been sent.
      const sentMs = session.appended.reduce((sum, { length }) => sum + length / 48, 0);
      assertEquals(Math.round(sentMs + input.droppedMs), Math.round(input.takenMs + input.droppedMs));
      assertEquals(overflow === "wait" && input.droppedMs > 0, false);
      assertEquals(clock.pending, 0);
    }
  }
});

Deno.test("AudioInput loses nothing and reports no lag in a stall of 200 ms", async () => {
  for (const chunkMs of [20, 100]) {
    const session = fakeSession({ turn_detection: null });
    const { clock, input, writer, lags } = inputOf(session, { chunkMs, overflow: "drop-oldest", maxLagMs: 5000 });
    const stop = drainSocket(session, clock, 50);
    for (let round = 0; round < 20; round++) {
      for (let ms = 0; ms < 200; ms += chunkMs) await writer.write(new Uint8Array(chunkMs * 48));
      await clock.advance(200);
    }
    stop();
    assertEquals([input.droppedMs, lags(), Math.round(input.takenMs)], [0, 0, 4000], `${chunkMs} ms`);
  }
});

Deno.test("AudioInput uses no timer while the socket has room", async () => {
  for (const overflow of ["wait", "drop-oldest"] as const) {
    const session = fakeSession();
    const { clock, writer } = inputOf(session, { overflow, chunkMs: 20 });
    session.bufferedAmount = wireBytes(60);
    for (let i = 0; i < 50; i++) await writer.write(new Uint8Array(960));
    assertEquals([session.appended.length, clock.pending], [50, 0], overflow);
  }
});

for (const overflow of ["wait", "drop-oldest"] as const) {
  Deno.test(`AudioInput with overflow ${overflow} continues after a listener that drops the queued audio`, async () => {
    const session = fakeSession();
    let reports = 0;
    const { clock, input, writer } = inputOf(session, {
      overflow,
      maxLagMs: 400,
      onLag: () => {
        if (reports++ === 0) input.drop();
      },
    });
    session.bufferedAmount = wireBytes(1001);
    const dropped = writer.write(new Uint8Array(4800).fill(1));
    await clock.advance(20);
    await dropped;
    assertEquals([reports, input.lagMs > 1000, input.takenMs], [1, true, 0]);
    const kept = writer.write(new Uint8Array(4800).fill(2));
    await clock.advance(20);
    assertEquals([reports, input.takenMs, session.appended.length], [2, 100, 0]);
    session.bufferedAmount = 0;
    await clock.advance(20);
    await kept;
    assertEquals(session.appended.map(([byte]) => byte), [2]);
    assertEquals([input.lagMs, clock.pending], [0, 0]);
  });
}
