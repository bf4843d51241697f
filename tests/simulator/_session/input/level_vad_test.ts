import { assertEquals } from "@std/assert";
import { LevelVad, type VadDecision } from "../../../../src/simulator/_session/input/level_vad.ts";
import { fixedPause } from "../../../../src/simulator/_session/input/pause_rule.ts";
import { joined, silence, tone } from "../../_sound.ts";

function decide(samples: Int16Array, options: { threshold?: number; silenceMs?: number; chunk?: number } = {}) {
  const { threshold = 0.5, silenceMs = 200, chunk = samples.length } = options;
  const vad = new LevelVad({ threshold, pause: fixedPause(silenceMs), samplesPerMs: 24, startMs: 0 });
  const decisions: VadDecision[] = [];
  for (let start = 0; start < samples.length; start += chunk) {
    decisions.push(...vad.hear(samples.subarray(start, start + chunk)));
  }
  return decisions;
}

/** A tone of the given RMS level. */
function toneAt(dbfs: number, ms: number): Int16Array {
  const peak = 32768 * Math.SQRT2 * 10 ** (dbfs / 20);
  return Int16Array.from({ length: ms * 24 }, (_, index) => peak * Math.sin(2 * Math.PI * 500 * index / 24_000));
}

Deno.test("LevelVad reports where speech begins, and when the following silence has lasted long enough", () => {
  // 640 and 1280 ms are whole frames of 32 ms; the silence of 200 ms is counted as 7 frames, 224 ms.
  const decisions = decide(joined(silence(640), tone(640), silence(400)));
  assertEquals(decisions, [{ type: "started", atMs: 640 }, { type: "stopped", atMs: 1504 }]);
});

Deno.test("LevelVad decides the same however the audio is split", () => {
  const samples = joined(silence(500), tone(700), silence(600), tone(300), silence(600));
  const whole = decide(samples);
  assertEquals(whole.map(({ type }) => type), ["started", "stopped", "started", "stopped"]);
  assertEquals(decide(samples, { chunk: 480 }), whole);
  assertEquals(decide(samples, { chunk: 101 }), whole);
});

Deno.test("LevelVad ignores clicks", () => {
  assertEquals(decide(joined(silence(320), tone(30), silence(320))), []);
});

Deno.test("LevelVad bridges pauses shorter than its silence duration", () => {
  const samples = joined(tone(320), silence(320), tone(320), silence(960));
  assertEquals(decide(samples, { silenceMs: 500 }).map(({ type }) => type), ["started", "stopped"]);
  assertEquals(decide(samples, { silenceMs: 200 }).map(({ type }) => type), [
    "started",
    "stopped",
    "started",
    "stopped",
  ]);
});

Deno.test("LevelVad requires louder speech at a higher threshold", () => {
  const hears = (threshold: number, dbfs: number) => decide(toneAt(dbfs, 320), { threshold }).length > 0;
  assertEquals([hears(0.5, -39), hears(0.5, -41)], [true, false]);
  assertEquals([hears(0, -59), hears(0, -61)], [true, false]);
  assertEquals([hears(1, -19), hears(1, -21)], [true, false]);
});

Deno.test("LevelVad follows speech that becomes slightly softer", () => {
  const samples = joined(toneAt(-38, 320), toneAt(-45, 640), toneAt(-48, 640));
  assertEquals(decide(samples), [{ type: "started", atMs: 0 }, { type: "stopped", atMs: 960 + 224 }]);
});
