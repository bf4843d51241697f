import { assert, assertEquals } from "@std/assert";
import { Readable } from "node:stream";
import * as audioKit from "../../src/audio/mod.ts";
import type { LivePipeResult, LiveSource } from "../../src/live/mod.ts";
import { tone } from "../simulator/_sound.ts";
import { connectRig, eventsOf, type LiveRig } from "./_live.ts";

const samples = Int16Array.from({ length: 4_800 }, (_, i) => i * 13 % 4_001);
const bytes = audioKit.toBytes(samples);

/** The concatenated audio that the client has appended. */
function appended(rig: LiveRig): Uint8Array {
  const pieces = rig.sent("session.input_audio.append").map(({ audio }) => audioKit.decodeBase64(String(audio)));
  return new Uint8Array(pieces.flatMap((piece) => [...piece]));
}

/** Returns the audio that is sent from a source, without the silence of the keeper. */
async function sentOf(from: LiveSource, options: Parameters<typeof connectRig>[0] = {}) {
  const rig = await connectRig({ keeper: false, ...options });
  const result = await rig.settle(rig.session.pipe({ from }));
  await rig.clock.advance(0);
  const audio = appended(rig);
  await rig.settle(rig.session.close());
  return { audio, result, told: rig.told };
}

function cutAfter(size: number, file: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(file.length / size) }, (_, i) => file.slice(i * size, (i + 1) * size));
}

Deno.test("LiveSession.pipe() accepts streams, iterables, generators, Node.js streams and audio as a source", async () => {
  const half = samples.subarray(0, 2_400);
  const rest = samples.subarray(2_400);
  const sources: Record<string, () => LiveSource> = {
    stream: () => ReadableStream.from([half, rest]),
    array: () => [half, rest],
    generator: () =>
      (async function* () {
        yield half;
        yield rest;
      })(),
    "Node.js stream": () => Readable.from([audioKit.toBytes(half), audioKit.toBytes(rest)]),
    samples: () => samples,
    bytes: () => bytes,
  };
  for (const [name, source] of Object.entries(sources)) {
    const { audio, result } = await sentOf(source());
    assertEquals([result, audio], [{}, bytes], name);
  }
});

Deno.test("LiveSession.pipe() reads plain WAV without an audioKit, and any WAV with one, however it is split", async () => {
  const plain = audioKit.writeWav(samples);
  for (const size of [plain.length, 1, 7, 45]) {
    const { audio, result } = await sentOf(cutAfter(size, plain));
    assertEquals([result, audio], [{}, bytes], `cut after ${size}`);
  }
  assertEquals((await sentOf(plain)).audio, bytes);
  const stereo = audioKit.writeWav(Int16Array.from({ length: 9_600 }, (_, i) => samples[i >> 1]!), { channels: 2 });
  const slow = audioKit.writeWav(Int16Array.from({ length: 2_400 }, (_, i) => samples[2 * i]!), { sampleRate: 12_000 });
  for (const size of [stereo.length, 45]) {
    assertEquals((await sentOf(cutAfter(size, stereo), { audioKit })).audio, bytes, `cut after ${size}`);
    assertEquals((await sentOf(cutAfter(size, slow), { audioKit })).audio.length, bytes.length, `cut after ${size}`);
  }
  const { audio, result, told } = await sentOf(stereo);
  assert(String(result.fromError).includes("audioKit is missing"));
  assertEquals([audio.length, eventsOf(told, "failure").map(({ context }) => context)], [0, ["source"]]);
});

Deno.test("LiveSession.pipe() sends a µ-law file unchanged to a µ-law session", async () => {
  const audio = Uint8Array.from({ length: 1_600 }, (_, i) => i % 256);
  const file = new Uint8Array([...audioKit.wavHeader({ format: "audio/pcmu" }, audio.length), ...audio]);
  const sent = await sentOf(file, { format: { type: "audio/pcmu", rate: 8_000 } });
  assertEquals([sent.result, sent.audio], [{}, audio]);
});

Deno.test("LiveSession.pipe() reports invalid sources and sinks in the result and in an event", async () => {
  const rig = await connectRig();
  const { fromError, toError } = await rig.settle(rig.session.pipe({ from: 5 as never, to: {} as never }));
  assert(fromError instanceof TypeError || toError instanceof TypeError);
  await rig.clock.advance(0);
  assertEquals(eventsOf(rig.told, "failure").map(({ context }) => context), ["source", "sink"]);
  await rig.settle(rig.session.close());
});

Deno.test("LiveSession.pipe() calls a sink with the audio only", async () => {
  const rig = await connectRig();
  const calls: unknown[][] = [];
  const piping = rig.session.pipe({ to: (...args: unknown[]) => void calls.push(args) });
  await rig.clock.advance(1_000);
  assert(calls.length > 0 && calls.every(({ length }) => length === 1));
  await rig.settle(rig.session.close());
  assertEquals(await rig.settle(piping), {});
});

Deno.test("LiveSession.pipe() ends after close() though its sink never settles, and reports it", async () => {
  const sinks = {
    "a function": () => new Promise<never>(() => {}),
    "a stream that takes nothing": new WritableStream({ write: () => new Promise<never>(() => {}) }),
    "a stream that never closes": new WritableStream({ close: () => new Promise<never>(() => {}) }),
  };
  for (const [name, to] of Object.entries(sinks)) {
    const rig = await connectRig();
    let result: LivePipeResult | undefined;
    void rig.session.pipe({ to }).then((end) => result = end);
    await rig.session.say("Good morning!", { signal: AbortSignal.abort() }).catch(() => {});
    await rig.clock.advance(1_000);
    await rig.settle(rig.session.close());
    await rig.clock.advance(9_000);
    assertEquals(result, undefined, name);
    await rig.clock.advance(3_000);
    assertEquals((result?.toError as DOMException | undefined)?.name, "TimeoutError", name);
    assertEquals(rig.clock.pending, 0, name);
  }
});

Deno.test("LiveSession.pipe() lets a real-time sink play its queue to the end", async () => {
  const rig = await connectRig();
  let taken = 0;
  const to = new WritableStream<Uint8Array>({
    // Slower than the server sends.
    write: ({ length }) => new Promise((resolve) => rig.clock.schedule(() => (taken += length, resolve()), 150)),
  });
  const piping = rig.session.pipe({ from: [tone(200)], to });
  await rig.clock.advance(8_000);
  await rig.settle(rig.session.close());
  assertEquals(await rig.settle(piping, 60_000), {});
  assert(taken / 48 > 6_000, `${taken / 48} ms`);
});
