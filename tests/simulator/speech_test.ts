import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { speechDurationMs, synthesizeSpeech } from "../../src/simulator/speech.ts";

const TEXT = "The trains to the coast are running again, but not on time. Would you like to take the bus instead?";

/** Levels of pieces of 20 ms in dBFS. */
function levels(samples: Int16Array): number[] {
  const found: number[] = [];
  for (let start = 0; start + 480 <= samples.length; start += 480) {
    const power = samples.subarray(start, start + 480).reduce((sum, sample) => sum + (sample / 32768) ** 2, 0) / 480;
    found.push(10 * Math.log10(power + 1e-12));
  }
  return found;
}

/** Lengths in ms of the stretches below -45 dBFS, without those shorter than 40 ms. */
function pauses(samples: Int16Array): number[] {
  const runs = levels(samples).map((level) => level < -45 ? "." : "#").join("").match(/\.+/g) ?? [];
  return runs.map((run) => run.length * 20).filter((ms) => ms >= 40);
}

/** The fundamental frequency, in hertz. */
function pitchOf(samples: Int16Array): number {
  let best = 0;
  let bestLag = 1;
  for (let lag = 60; lag <= 480; lag++) {
    let sum = 0;
    for (let i = 0; i + lag < samples.length; i++) sum += (samples[i] ?? 0) * (samples[i + lag] ?? 0);
    if (sum > best) [best, bestLag] = [sum, lag];
  }
  return 24_000 / bestLag;
}

Deno.test("synthesizeSpeech() speaks 14 to 16 characters per second", () => {
  const perSecond = TEXT.length / (synthesizeSpeech(TEXT).length / 24_000);
  assert(perSecond > 14 && perSecond < 16, `${perSecond} characters a second`);
  const fast = TEXT.length / (synthesizeSpeech(TEXT, { charactersPerSecond: 30 }).length / 24_000);
  assertAlmostEquals(fast / perSecond, 2, 0.05);
});

Deno.test("synthesizeSpeech() is as loud as speech and does not clip", () => {
  const samples = synthesizeSpeech(TEXT);
  const voiced = levels(samples).filter((level) => level > -30);
  const power = voiced.reduce((sum, level) => sum + 10 ** (level / 10), 0) / voiced.length;
  assertAlmostEquals(10 * Math.log10(power), -20, 1.5);
  assert(voiced.length * 20 > 0.6 * speechDurationMs(TEXT));
  assert(samples.every((sample) => Math.abs(sample) < 30_000));
});

Deno.test("synthesizeSpeech() is loud within 100 ms and up to the last 150 ms", () => {
  const loud = levels(synthesizeSpeech(TEXT)).map((level) => level > -40);
  assert(loud.slice(0, 5).includes(true));
  assert(loud.slice(-8).includes(true));
});

Deno.test("synthesizeSpeech() pauses at punctuation, longer after a sentence, and not between words", () => {
  const [comma = 0, sentence = 0, ...more] = pauses(
    synthesizeSpeech("We were on the moor, where owls ran. All our ore lay low."),
  )
    .filter((ms) => ms >= 100);
  assert(comma >= 120 && comma <= 220, `${comma} ms`);
  assert(sentence >= 280 && sentence <= 420, `${sentence} ms`);
  assertEquals(more, []);
});

Deno.test("synthesizeSpeech() has the requested pitch", () => {
  for (const pitchHz of [100, 200]) {
    const vowel = synthesizeSpeech("aiaiaiaiaiaiai", { pitchHz }).subarray(2400, 9600);
    assertAlmostEquals(pitchOf(vowel), pitchHz, 0.18 * pitchHz);
  }
});

Deno.test("synthesizeSpeech() returns the same samples for the same text, and others for another text", () => {
  assertEquals(synthesizeSpeech("Good morning"), synthesizeSpeech("Good morning"));
  assert(synthesizeSpeech("Good morning").some((sample, i) => sample !== synthesizeSpeech("Goad murning")[i]));
});

Deno.test("synthesizeSpeech() speaks digits and other scripts, and is silent for text without letters", () => {
  for (const text of ["12", "Привет, как дела?", "今日はいい天気です。", "مرحبا بالعالم"]) {
    const samples = synthesizeSpeech(text);
    assert(samples.length > 9600, text);
    assert(levels(samples).some((level) => level > -25), text);
  }
  assert(speechDurationMs("안녕하세요") < 1500);
  assert(speechDurationMs("今日はいい天気ですね") > 1.4 * speechDurationMs("abcdefghij"));
  assertEquals(synthesizeSpeech("").length, 0);
  assert(synthesizeSpeech("… —").every((sample) => sample === 0));
});

Deno.test("speechDurationMs() returns the length of the speech", () => {
  for (const text of ["", "Hi", TEXT]) assertEquals(speechDurationMs(text), synthesizeSpeech(text).length / 24);
  const options = { charactersPerSecond: 7 };
  assertEquals(speechDurationMs(TEXT, options), synthesizeSpeech(TEXT, options).length / 24);
});

Deno.test("synthesizeSpeech() rejects options that are out of range", () => {
  assertThrows(
    () => synthesizeSpeech("a", { pitchHz: 0 }),
    RangeError,
    "pitchHz must be from 50 to 400: current value is 0",
  );
  assertThrows(() => synthesizeSpeech("a", { charactersPerSecond: NaN }), RangeError, "charactersPerSecond");
  assertThrows(() => speechDurationMs("a", { charactersPerSecond: 61 }), RangeError, "charactersPerSecond");
});
