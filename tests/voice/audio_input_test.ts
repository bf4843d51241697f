import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ConnectionError } from "../../src/errors.ts";
import type { Session } from "../../src/session/mod.ts";
import { createVirtualClock } from "../../src/simulator/virtual_clock.ts";
import { createAudioInput, type InputEnd, MAX_BUFFERED_BYTES } from "../../src/voice/_audio_input.ts";

/** The little of a session that the input needs. */
function fakeSession(
  input: Record<string, unknown> = { turn_detection: { type: "server_vad", silence_duration_ms: 300 } },
) {
  const closed = Promise.withResolvers<{ code: number; reason: string; wasClean: boolean }>();
  const fake = {
    config: { type: "realtime", audio: { input } },
    bufferedAmount: 0,
    appended: [] as Uint8Array[],
    commits: 0,
    closed: closed.promise,
    end: () => closed.resolve({ code: 1000, reason: "", wasClean: true }),
    appendAudio: (audio: Uint8Array) => void fake.appended.push(audio),
    commitAudio: () => Promise.resolve(`item_${++fake.commits}`),
  };
  return fake;
}

function inputOf(session: ReturnType<typeof fakeSession>, chunkMs = 100, inputEnd?: InputEnd) {
  const clock = createVirtualClock();
  return { clock, input: createAudioInput(session as unknown as Session, { chunkMs, inputEnd, clock }) };
}

const sizes = (session: ReturnType<typeof fakeSession>) => session.appended.map(({ length }) => length);

Deno.test("createAudioInput() refuses chunks that are too short or too long", () => {
  for (const chunkMs of [19, 201, NaN]) {
    assertThrows(() => inputOf(fakeSession(), chunkMs), RangeError, `current value is ${chunkMs}`);
  }
  inputOf(fakeSession(), 20);
  inputOf(fakeSession(), 200);
});

Deno.test("createAudioInput() waits while too much has not left the socket, and goes on when it has", async () => {
  const session = fakeSession();
  const { clock, input } = inputOf(session);
  session.bufferedAmount = MAX_BUFFERED_BYTES + 1;
  const writer = input.getWriter();
  let written = false;
  writer.write(new Uint8Array(9600)).then(() => written = true);
  await clock.advance(5000);
  assertEquals([sizes(session), written], [[4800], false]);
  session.bufferedAmount = 0;
  await clock.advance(50);
  assertEquals([sizes(session), written], [[4800, 4800], true]);
  assertEquals(clock.pending, 0);
});

Deno.test("createAudioInput() stops waiting when the session ends", async () => {
  const session = fakeSession();
  const { clock, input } = inputOf(session);
  session.bufferedAmount = Infinity;
  const writer = input.getWriter();
  writer.closed.catch(() => {});
  const writing = writer.write(new Uint8Array(4800));
  writing.catch(() => {});
  await clock.advance(100);
  session.end();
  await assertRejects(() => writing, ConnectionError);
  assertEquals(clock.pending, 0);
});

Deno.test("createAudioInput() ends in the way that was asked for, and by default as the turn detection wants it", async () => {
  const vad = { type: "server_vad", silence_duration_ms: 300 };
  const semantic = (eagerness: string) => ({ turn_detection: { type: "semantic_vad", eagerness } });
  const cases: readonly (readonly [Record<string, unknown>, InputEnd | undefined, number[], number])[] = [
    [{ turn_detection: vad }, undefined, [480, 500 * 48], 0],
    [semantic("low"), undefined, [480, 8200 * 48], 0],
    [semantic("medium"), undefined, [480, 4200 * 48], 0],
    [semantic("high"), undefined, [480, 2200 * 48], 0],
    [semantic("auto"), undefined, [480, 4200 * 48], 0],
    [{ turn_detection: null }, undefined, [480], 0],
    [{ turn_detection: null }, "commit", [480], 1],
    [{ turn_detection: vad }, "nothing", [480], 0],
  ];
  for (const [config, inputEnd, expected, commits] of cases) {
    const session = fakeSession(config);
    const writer = inputOf(session, 100, inputEnd).input.getWriter();
    await writer.write(new Uint8Array(481));
    await writer.close();
    assertEquals([sizes(session), session.commits], [expected, commits]);
  }
});

Deno.test("createAudioInput() takes encoded bytes only when the session's format is G.711, and ends in G.711 silence", async () => {
  const session = fakeSession({
    format: { type: "audio/pcmu" },
    turn_detection: { type: "server_vad", silence_duration_ms: 300 },
  });
  const { input } = inputOf(session, 20);
  const writer = input.getWriter();
  await writer.write(new Uint8Array(160).fill(7));
  await writer.close();
  assertEquals(sizes(session), [160, 500 * 8]);
  assertEquals(new Set(session.appended[1]), new Set([0xff]));

  const refused = inputOf(session, 20).input.getWriter();
  refused.closed.catch(() => {});
  await assertRejects(() => refused.write(new Int16Array(10)), TypeError, "write encoded bytes");
});

Deno.test("createAudioInput() sends nothing more once it is aborted", async () => {
  const session = fakeSession();
  const writer = inputOf(session).input.getWriter();
  await writer.write(new Uint8Array(4900));
  await writer.abort(new Error("The microphone was unplugged"));
  assertEquals(sizes(session), [4800]);
});
