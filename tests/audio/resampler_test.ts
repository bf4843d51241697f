import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { float32ToPcm16, pcm16ToFloat32 } from "../../src/audio/pcm.ts";
import { resample } from "../../src/audio/resample.ts";
import { createResampler } from "../../src/audio/resampler.ts";
import { cut, fitTone, tone } from "./_helpers.ts";
import { randomFrom } from "../_random.ts";

const RATES = [8_000, 16_000, 22_050, 24_000, 44_100, 48_000];
const PAIRS = RATES.flatMap((from) => RATES.filter((to) => to !== from).map((to) => ({ from, to })));

/** Level of the middle of the output, relative to the input's amplitude, in decibels. */
function gainDb(frequency: number, { from, to }: { from: number; to: number }): number {
  const out = resample(tone(frequency, from, from / 5, 0.5), { from, to });
  const middle = out.subarray(out.length * 0.2, out.length * 0.8);
  const power = middle.reduce((sum, sample) => sum + sample ** 2, 0) / middle.length;
  return 10 * Math.log10(power / (0.5 ** 2 / 2));
}

Deno.test("createResampler() keeps a 1 kHz tone at 100 dB SNR with exact gain and time, between any two rates", () => {
  for (const { from, to } of PAIRS) {
    const out = resample(tone(1000, from, from / 2), { from, to });
    const { amplitude, phase, snrDb } = fitTone(out, 1000, to);
    const pair = `${from} -> ${to}`;
    assert(snrDb >= 100, `SNR of ${pair}: ${snrDb} dB`);
    assertAlmostEquals(amplitude, 0.9, 1e-4, pair);
    assertAlmostEquals(phase, 0, 1e-4, pair);
  }
});

Deno.test("createResampler() keeps 80 dB SNR from PCM16 to PCM16, 48 to 24 kHz", () => {
  const out = float32ToPcm16(resample(float32ToPcm16(tone(1000, 48_000, 48_000)), { from: 48_000, to: 24_000 }));
  const { snrDb } = fitTone(out, 1000, 24_000);
  assert(snrDb >= 80, `${snrDb} dB`);
});

/** Upper end of the unchanged band: the telephone band, or 90% of half the lower rate. */
function passband(from: number, to: number): number {
  const lower = Math.min(from, to);
  return lower === 8_000 ? 3_400 : 0.9 * lower / 2;
}

Deno.test("createResampler() passes everything below 90% of half the lower rate or 3.4 kHz, and adds no images", () => {
  for (const { from, to } of PAIRS) {
    const frequency = 0.99 * passband(from, to);
    const out = resample(tone(frequency, from, from / 2), { from, to });
    const { amplitude, snrDb } = fitTone(out, frequency, to);
    assertAlmostEquals(amplitude, 0.9, 0.002, `gain of ${from} -> ${to}`);
    assert(snrDb >= 80, `images of ${from} -> ${to}: ${-snrDb} dB`);
  }
});

Deno.test("createResampler() attenuates images by 60 dB in the transition band", () => {
  for (const { from, to } of PAIRS.filter(({ from, to }) => to > from)) {
    const frequency = 0.99 * from / 2;
    const out = resample(tone(frequency, from, from / 2), { from, to });
    const { amplitude, snrDb } = fitTone(out, frequency, to);
    const imageDb = 20 * Math.log10(amplitude / 0.9) - snrDb;
    assertLess(imageDb, -60, `image of ${from} -> ${to}: ${imageDb} dB`);
  }
});

Deno.test("createResampler() attenuates aliases by 80 dB", () => {
  for (const { from, to } of PAIRS.filter(({ from, to }) => to < from)) {
    for (const frequency of [1.001 * to / 2, (from + to) / 4, 0.999 * from / 2]) {
      const db = gainDb(frequency, { from, to });
      assertLess(db, -80, `alias of ${frequency} Hz, ${from} -> ${to}: ${db} dB`);
    }
  }
});

Deno.test("createResampler() returns the same bits however the input is split", () => {
  const next = randomFrom(41);
  const floats = Float32Array.from({ length: 9_000 }, () => next() * 2 - 1);
  const samples = float32ToPcm16(floats);
  for (const { from, to } of PAIRS) {
    const whole = resample(samples, { from, to });
    const resampler = createResampler({ from, to });
    for (const most of [1, 160, 5_000]) {
      const pieces = cut(samples, most, most).map((piece) => resampler.push(piece));
      const joined = [...pieces, resampler.flush()].flatMap((piece) => [...piece]);
      assertEquals(joined.length, whole.length);
      assert(joined.every((sample, i) => sample === whole[i]), `${from} -> ${to} in pieces of up to ${most}`);
    }
  }
});

Deno.test("createResampler() scales floats like PCM16 samples", () => {
  const samples = float32ToPcm16(tone(700, 16_000, 2_000));
  const options = { from: 16_000, to: 22_050 };
  assertEquals(resample(pcm16ToFloat32(samples), options), resample(samples, options));
});

Deno.test("createResampler() keeps the position of an impulse, and returns n * to / from samples, rounded up", () => {
  for (const { from, to } of PAIRS) {
    for (const length of [0, 1, 2, 1_000, 4_999]) {
      assertEquals(resample(new Float32Array(length), { from, to }).length, Math.ceil(length * to / from));
    }
    const impulse = new Float32Array(from / 10);
    impulse[from / 50] = 1;
    const out = resample(impulse, { from, to });
    const loudest = out.reduce((best, sample, i) => Math.abs(sample) > Math.abs(out[best]!) ? i : best, 0);
    assertAlmostEquals(loudest, to / 50, 0.5, `${from} -> ${to}`);
  }
});

Deno.test("createResampler() does not drift: every second has the same bits as the one before", () => {
  // Equal seconds produce equal output: the state is the same as a second before, and will be after an hour.
  for (
    const { from, to } of [{ from: 22_050, to: 16_000 }, { from: 8_000, to: 22_050 }, { from: 44_100, to: 48_000 }]
  ) {
    const resampler = createResampler({ from, to });
    const second = tone(1000, from, from);
    let count = resampler.push(second).length;
    const first = resampler.push(second);
    for (let i = 2; i < 30; i++) {
      const next = resampler.push(second);
      assertEquals(next.length, to);
      assert(next.every((sample, place) => sample === first[place]), `${from} -> ${to}: second ${i}`);
    }
    const turns = fitTone(first, 1000, to).phase / (2 * Math.PI) - count * 1000 / to;
    assertAlmostEquals((turns - Math.round(turns)) / 1000, 0, 1e-9);
    count += 29 * to;
    assertEquals(count + resampler.flush().length, 30 * to);
  }
});

Deno.test("createResampler() delivers within its stated latency", () => {
  for (const { from, to } of PAIRS) {
    const resampler = createResampler({ from, to });
    const delivered = resampler.push(new Float32Array(from)).length;
    const behindMs = (to - delivered) * 1000 / to;
    assert(behindMs <= resampler.latencyMs && behindMs > resampler.latencyMs - 0.3, `${from} -> ${to}: ${behindMs} ms`);
    assertLess(resampler.latencyMs, 7.5);
  }
});

Deno.test("createResampler() restarts after flush(), without a trace of earlier input", () => {
  const resampler = createResampler({ from: 44_100, to: 24_000 });
  resampler.push(tone(3_000, 44_100, 1_234));
  resampler.flush();
  const samples = tone(500, 44_100, 1_000);
  const again = [...resampler.push(samples), ...resampler.flush()];
  assertEquals(again, [...resample(samples, { from: 44_100, to: 24_000 })]);
});

Deno.test("createResampler() with equal rates copies samples unchanged", () => {
  const resampler = createResampler({ from: 24_000, to: 24_000 });
  const floats = new Float32Array([0.25, -1]);
  const out = resampler.push(floats);
  floats.fill(0);
  assertEquals(out, new Float32Array([0.25, -1]));
  assertEquals(resampler.push(new Int16Array([16_384])), new Float32Array([0.5]));
  assertEquals([resampler.latencyMs, resampler.flush().length], [0, 0]);
});

Deno.test("createResampler() accepts other rates with a simple ratio, and rejects the rest", () => {
  for (const [from, to] of [[96_000, 24_000], [192_000, 8_000], [32_000, 24_000], [11_025, 24_000]] as const) {
    const out = resample(tone(1000, from, from / 2), { from, to });
    assert(fitTone(out, 1000, to).snrDb >= 80, `${from} -> ${to}`);
  }
  assertThrows(() => createResampler({ from: 44_101, to: 48_000 }), RangeError, "it is 44101:48000");
  for (const rate of [7_999, 192_001, 24_000.5, NaN, Infinity, -8_000]) {
    assertThrows(() => createResampler({ from: rate, to: 24_000 }), RangeError, `from must be`);
    assertThrows(() => createResampler({ from: 24_000, to: rate }), RangeError, `current value is ${rate}`);
  }
});
