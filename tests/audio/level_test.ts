import { assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createLevelMeter, type LevelReading, measureLevel, meterAudio } from "../../src/audio/level.ts";
import { float32ToPcm16, type PcmChunk, toBytes } from "../../src/audio/pcm.ts";
import { cut, through, tone } from "./_helpers.ts";

Deno.test("measureLevel() puts full scale at 0 dB, and a full-scale sine at -3.01 dB RMS", () => {
  assertEquals(measureLevel(new Int16Array([-32768, -32768])), { rmsDbfs: 0, peakDbfs: 0 });
  const sine = measureLevel(tone(1000, 24_000, 24_000, 1));
  assertAlmostEquals(sine.rmsDbfs, -3.0103, 1e-4);
  assertAlmostEquals(sine.peakDbfs, 0, 1e-4);
});

Deno.test("measureLevel() distinguishes RMS from peak", () => {
  const { rmsDbfs, peakDbfs } = measureLevel(new Float32Array([0, 0, 0, -0.1]));
  assertAlmostEquals(peakDbfs, -20, 1e-5);
  assertAlmostEquals(rmsDbfs, -20 - 10 * Math.log10(4), 1e-5);
});

Deno.test("measureLevel() measures integers like floats, with either sign", () => {
  for (const samples of [[100, -200, 50], [200, -100, 50], [-7, -9], [7, 9], [-32768, 32767]]) {
    assertEquals(
      measureLevel(Int16Array.from(samples)),
      measureLevel(Float32Array.from(samples, (sample) => sample / 32768)),
    );
  }
});

Deno.test("measureLevel() returns minus infinity for silence, an empty array and NaN", () => {
  for (const samples of [new Int16Array(9), new Int16Array(0), new Float32Array([NaN, NaN])]) {
    assertEquals(measureLevel(samples), { rmsDbfs: -Infinity, peakDbfs: -Infinity });
  }
  assertAlmostEquals(measureLevel(new Float32Array([NaN, 1])).rmsDbfs, -3.0103, 1e-4);
});

Deno.test("createLevelMeter() measures windows of equal length, however the samples are split", () => {
  const samples = float32ToPcm16(tone(440, 8_000, 2_100));
  const whole = createLevelMeter({ windowMs: 100, sampleRate: 8_000 });
  const readings = [...whole.push(samples), ...whole.flush()];
  assertEquals(readings.map(({ startMs, durationMs }) => [startMs, durationMs]), [[0, 100], [100, 100], [200, 62.5]]);
  for (const [i, { rmsDbfs, peakDbfs }] of readings.entries()) {
    assertEquals({ rmsDbfs, peakDbfs }, measureLevel(samples.subarray(i * 800, (i + 1) * 800)));
  }
  const meter = createLevelMeter({ windowMs: 100, sampleRate: 8_000 });
  const pieces = cut(samples, 333, 2).flatMap((piece) => meter.push(piece));
  assertEquals([...pieces, ...meter.flush()], readings);
});

Deno.test("createLevelMeter() restarts after flush()", () => {
  const meter = createLevelMeter({ windowMs: 1 });
  meter.push(new Int16Array(30).fill(32767));
  assertEquals(meter.flush()[0]?.startMs, 1);
  assertEquals(meter.flush(), []);
  assertEquals(meter.push(new Int16Array(24)), [
    { rmsDbfs: -Infinity, peakDbfs: -Infinity, startMs: 0, durationMs: 1 },
  ]);
});

Deno.test("createLevelMeter() rejects windows shorter than a sample", () => {
  for (const windowMs of [0, 0.02, -1, NaN, Infinity]) {
    assertThrows(() => createLevelMeter({ windowMs }), RangeError, `current value is ${windowMs}`);
  }
  assertThrows(() => createLevelMeter({ sampleRate: 0 }), RangeError, "sampleRate");
});

Deno.test("meterAudio() passes on the same chunks, and measures them even if split inside a sample", async () => {
  const readings: LevelReading[] = [];
  const bytes = toBytes(new Int16Array([-32768, 0, 16384]));
  const chunks: PcmChunk[] = [bytes.subarray(0, 1), bytes.subarray(1), new Float32Array([0.5, 0.25])];
  const meter = meterAudio<PcmChunk>({ onLevel: (reading) => readings.push(reading), windowMs: 2000, sampleRate: 1 });
  const passed = await through(chunks, meter);
  assertEquals(passed.map((chunk) => chunks.findIndex((one) => one === chunk)), [0, 1, 2]);
  assertEquals(readings.map(({ startMs, durationMs }) => [startMs, durationMs]), [[0, 2000], [2000, 2000], [
    4000,
    1000,
  ]]);
  assertEquals(readings.map(({ peakDbfs }) => Math.round(peakDbfs)), [0, -6, -12]);
});

Deno.test("meterAudio() errors with an exception of its callback", async () => {
  const meter = meterAudio<Int16Array>({
    onLevel: () => {
      throw new Error("No screen");
    },
  });
  await assertRejects(() => through([new Int16Array(1200)], meter), Error, "No screen");
});
