/**
 * Compares the audio paths with the runtime's own calls, side by side in one run, and says how many times faster than
 * real time the resampler is.
 *
 * ```sh
 * deno run tests/bench/audio_bench.ts
 * bun run tests/bench/audio_bench.ts
 * ```
 *
 * A ratio compares the medians of many short batches of calls that took turns. The two unscaled ones are not judged: the
 * runtime's call does less there than ours.
 */
import { decodeBase64, encodeBase64 } from "../../src/audio/base64.ts";
import { float32ToPcm16, pcm16ToFloat32, toBytes, toInt16 } from "../../src/audio/pcm.ts";
import { createResampler } from "../../src/audio/resampler.ts";
import { compare, timeOf } from "./_compare.ts";
import { median, show, showTitle } from "./_figures.ts";

/** Most that an audio path may take, as a multiple of the runtime's own. */
const MOST = 1.2;
/** Seconds of audio that the resampler must take in a second. */
const LEAST_SPEED = 200;

/** Shows how many times faster than real time a resampler takes 100 ms chunks of PCM16. */
function resample(from: number, to: number): void {
  const resampler = createResampler({ from, to });
  const chunk = Int16Array.from({ length: from / 10 }, (_, i) => 20_000 * Math.sin(i / 7));
  timeOf(() => resampler.push(chunk), 100);
  // So short that something else on the processor spoils a few of them only.
  const msPerChunk = median(Array.from({ length: 500 }, () => timeOf(() => resampler.push(chunk), 1)));
  show({ name: `resample ${from} → ${to} Hz`, measured: 100 / msPerChunk, unit: " ×", atLeast: LEAST_SPEED });
}

const bytes = Uint8Array.from({ length: 4_800 }, (_, i) => i * 31);
const odd = new Uint8Array(4_801).subarray(1);
const text = encodeBase64(bytes);
const samples = toInt16(bytes);
const floats = pcm16ToFloat32(samples);

showTitle("100 ms of PCM16 at 24 kHz (4,800 bytes), ours to the runtime's own call");
if (typeof bytes.toBase64 === "function") {
  compare({
    name: "encodeBase64 / toBase64",
    ours: () => encodeBase64(bytes),
    native: () => bytes.toBase64(),
    atMost: MOST,
  });
  compare({
    name: "decodeBase64 / fromBase64",
    ours: () => decodeBase64(text),
    native: () => Uint8Array.fromBase64(text),
    atMost: MOST,
  });
} else console.log("encodeBase64, decodeBase64: this runtime has none of its own to compare with");
compare({
  name: "toInt16 / new Int16Array",
  ours: () => toInt16(bytes),
  native: () => new Int16Array(bytes.buffer, 0, 2_400),
  atMost: MOST,
  batch: 2_000,
});
compare({
  name: "toInt16 of an odd address / slice",
  ours: () => toInt16(odd),
  native: () => new Int16Array(odd.slice().buffer),
  atMost: MOST,
});
compare({
  name: "toBytes / new Uint8Array",
  ours: () => toBytes(samples),
  native: () => new Uint8Array(samples.buffer, 0, 4_800),
  atMost: MOST,
  batch: 2_000,
});
compare({
  name: "pcm16ToFloat32 / Float32Array.from with scaling",
  ours: () => pcm16ToFloat32(samples),
  native: () => Float32Array.from(samples, (sample) => sample / 32768),
  atMost: MOST,
});
compare({
  name: "float32ToPcm16 / Int16Array.from with scaling",
  ours: () => float32ToPcm16(floats),
  native: () => Int16Array.from(floats, (sample) => Math.max(-32768, Math.min(32767, Math.round(sample * 32768)))),
  atMost: MOST,
});
compare({
  name: "pcm16ToFloat32 / new Float32Array, unscaled",
  ours: () => pcm16ToFloat32(samples),
  native: () => new Float32Array(samples),
});
compare({
  name: "float32ToPcm16 / new Int16Array, unscaled",
  ours: () => float32ToPcm16(floats),
  native: () => new Int16Array(floats),
});

showTitle("Resampler, how many times faster than real time");
resample(48_000, 24_000);
resample(24_000, 48_000);
resample(44_100, 24_000);
resample(44_100, 48_000);
resample(22_050, 48_000);
resample(8_000, 24_000);
resample(8_000, 44_100);
