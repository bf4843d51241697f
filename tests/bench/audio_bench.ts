/**
 * Compares the audio paths with the runtime's own calls, side by side in one run, and says how many times faster than
 * real time the resampler is.
 *
 * ```sh
 * deno run tests/bench/audio_bench.ts
 * bun run tests/bench/audio_bench.ts
 * ```
 *
 * A ratio compares the medians of many short batches of calls that took turns; 1.2 is the most that is wanted.
 */
import { decodeBase64, encodeBase64 } from "../../src/audio/base64.ts";
import { float32ToPcm16, pcm16ToFloat32, toBytes, toInt16 } from "../../src/audio/pcm.ts";
import { createResampler } from "../../src/audio/resampler.ts";

/** Milliseconds that `times` calls take. */
function time(call: () => unknown, times: number): number {
  const start = performance.now();
  for (let i = 0; i < times; i++) call();
  return performance.now() - start;
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}

/** Prints how `ours` compares with `native`. A batch is so short that few of them meet the garbage collector. */
function compare(name: string, ours: () => unknown, native: () => unknown, batch = 20): void {
  // Warm enough for the last tier of the compiler.
  time(ours, 50_000);
  time(native, 20_000);
  const ourMs: number[] = [];
  const nativeMs: number[] = [];
  for (let round = 0; round < 1_000; round++) {
    ourMs.push(time(ours, batch));
    nativeMs.push(time(native, batch));
  }
  const perCall = (median(ourMs) * 1000 / batch).toFixed(2);
  console.log(`${name.padEnd(52)} ${perCall.padStart(8)} µs   ratio ${(median(ourMs) / median(nativeMs)).toFixed(2)}`);
}

/** Prints how many times faster than real time a resampler takes 100 ms chunks of PCM16. */
function realTime(from: number, to: number): void {
  const resampler = createResampler({ from, to });
  const chunk = Int16Array.from({ length: from / 10 }, (_, i) => 20_000 * Math.sin(i / 7));
  time(() => resampler.push(chunk), 50);
  const ms = median(Array.from({ length: 9 }, () => time(() => resampler.push(chunk), 10)));
  console.log(`${`resample ${from} -> ${to}`.padEnd(52)} ${(1000 / ms).toFixed(0).padStart(8)} x real time`);
}

const bytes = Uint8Array.from({ length: 4_800 }, (_, i) => i * 31);
const odd = new Uint8Array(4_801).subarray(1);
const text = encodeBase64(bytes);
const samples = toInt16(bytes);
const floats = pcm16ToFloat32(samples);

console.log("100 ms of PCM16 at 24 kHz (4 800 bytes)");
if (typeof bytes.toBase64 === "function") {
  compare("encodeBase64 / toBase64", () => encodeBase64(bytes), () => bytes.toBase64());
  compare("decodeBase64 / fromBase64", () => decodeBase64(text), () => Uint8Array.fromBase64(text));
} else console.log("encodeBase64, decodeBase64: this runtime has none of its own to compare with");
compare("toInt16 / new Int16Array", () => toInt16(bytes), () => new Int16Array(bytes.buffer, 0, 2_400), 2_000);
compare("toInt16 of an odd address / slice", () => toInt16(odd), () => new Int16Array(odd.slice().buffer));
compare("toBytes / new Uint8Array", () => toBytes(samples), () => new Uint8Array(samples.buffer, 0, 4_800), 2_000);
compare(
  "pcm16ToFloat32 / Float32Array.from with scaling",
  () => pcm16ToFloat32(samples),
  () => Float32Array.from(samples, (sample) => sample / 32768),
);
compare(
  "float32ToPcm16 / Int16Array.from with scaling",
  () => float32ToPcm16(floats),
  () => Int16Array.from(floats, (sample) => Math.max(-32768, Math.min(32767, Math.round(sample * 32768)))),
);
compare("pcm16ToFloat32 / new Float32Array, unscaled", () => pcm16ToFloat32(samples), () => new Float32Array(samples));
compare("float32ToPcm16 / new Int16Array, unscaled", () => float32ToPcm16(floats), () => new Int16Array(floats));
console.log();
realTime(48_000, 24_000);
realTime(24_000, 48_000);
realTime(44_100, 24_000);
realTime(44_100, 48_000);
realTime(22_050, 48_000);
realTime(8_000, 24_000);
realTime(8_000, 44_100);
