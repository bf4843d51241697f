import { readWav } from "../../../../src/audio/mod.ts";
import { createVad } from "../../../../src/simulator/_session/input/turn_detection.ts";
import { synthesizeSpeech } from "../../../../src/simulator/speech.ts";
import { assert, assertEquals } from "@std/assert";
import { joined, silence, tone } from "../../_sound.ts";

/** A tone whose loudness changes linearly between two levels, in tenths. */
function swell(ms: number, from: number, to: number): Int16Array {
  return tone(ms).map((sample, index) => sample * (from + (to - from) * index / (ms * 24)) / 10);
}

/** A changing sound: from 100 Hz to 1.3 kHz in 320 ms, repeatedly. */
function glide(ms: number): Int16Array {
  return Int16Array.from({ length: ms * 24 }, (_, index) => {
    const seconds = index / 24_000;
    return 10_000 * Math.sin(2 * Math.PI * (100 * seconds + 2000 * (seconds % 0.32) ** 2));
  });
}

/** Milliseconds of silence that ended the turn; `undefined` if ten seconds did not. */
function pauseAfter(speech: Int16Array, eagerness?: "low" | "medium" | "high" | "auto"): number | undefined {
  const vad = createVad({ type: "semantic_vad", eagerness }, 24, 0);
  const decisions = [...vad.hear(joined(speech, silence(10_000)))];
  const stopped = decisions.find(({ type }) => type === "stopped");
  return stopped && stopped.atMs - Math.floor(speech.length / 768) * 32;
}

/** Sounds finished: it fades away. */
const FINISHED = swell(960, 10, 1);
/** A sustained, isolated sound. */
const FILLER = joined(swell(960, 10, 1), silence(160), tone(320));
/** Grows louder until it stops. */
const RISING = glide(960).map((sample, index) => sample * index / (960 * 24));

/** The pause must be as expected, up to the frames of 32 ms that count. */
function assertPause(speech: Int16Array, eagerness: Parameters<typeof pauseAfter>[1], expectedMs: number): void {
  const ms = pauseAfter(speech, eagerness) ?? Infinity;
  assert(Math.abs(ms - expectedMs) <= 64, `${eagerness}: a pause of ${ms} ms, expected ${expectedMs} ms`);
}

Deno.test("Semantic turn detection ends a finished turn sooner at higher eagerness", () => {
  assertPause(FINISHED, "low", 1600);
  assertPause(FINISHED, "medium", 800);
  assertPause(FINISHED, "auto", 800);
  assertPause(FINISHED, undefined, 800);
  assertPause(FINISHED, "high", 400);
});

Deno.test("Semantic turn detection waits up to the documented maximum after a filler or rising energy", () => {
  for (const speech of [FILLER, RISING]) {
    assertPause(speech, "low", 8000);
    assertPause(speech, "medium", 4000);
    assertPause(speech, "auto", 4000);
    assertPause(speech, "high", 2000);
  }
});

Deno.test("Semantic turn detection continues a turn that resumes within its pause", () => {
  const vad = createVad({ type: "semantic_vad", eagerness: "auto" }, 24, 0);
  const decisions = [...vad.hear(joined(FILLER, silence(3500), FINISHED, silence(5000)))];
  assertEquals(decisions.map(({ type }) => type), ["started", "stopped"]);
  const eager = createVad({ type: "semantic_vad", eagerness: "high" }, 24, 0);
  assertEquals([...eager.hear(joined(FILLER, silence(3500), FINISHED, silence(5000)))].length, 4);
});

Deno.test("A filler does not count if it belongs to a longer sound, changes, or is short", () => {
  assertPause(joined(glide(960), tone(320)), "auto", 800);
  assertPause(joined(FINISHED, silence(160), glide(320)), "auto", 800);
  assertPause(joined(FINISHED, silence(160), tone(128)), "auto", 800);
  assertPause(joined(FINISHED, silence(160), swell(320, 10, 1)), "auto", 800);
});

Deno.test("A sentence sounds finished, and a final filler does not", async () => {
  for (const text of ["What is the weather like in Paris today?", "Tell me a story.", "No.", "Stop!", "Hello there"]) {
    const ms = pauseAfter(synthesizeSpeech(text)) ?? Infinity;
    assert(ms < 1000, `${text} ends after ${ms} ms`);
  }
  assertPause(synthesizeSpeech("I would like to, um"), "auto", 4000);
  for (const name of ["question", "story_request", "interruption", "reply", "goodbye"]) {
    const file = new URL(`../../../../examples/assets/${name}.wav`, import.meta.url);
    const ms = pauseAfter(readWav(await Deno.readFile(file)).samples) ?? Infinity;
    assert(ms < 1000, `${name} ends after ${ms} ms`);
  }
});
