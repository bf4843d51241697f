import { assert, assertEquals } from "@std/assert";
import { encodeBase64, encodeG711, float32ToPcm16, resample, toBytes } from "../../../../src/audio/mod.ts";
import type { Speech } from "../../../../src/simulator/_speech/speech_voice.ts";
import { PCM_24, type WireAudio, wireAudioOf } from "../../../../src/simulator/_session/input/audio_codec.ts";
import { type AudioPiece, countPieces } from "../../../../src/simulator/_session/output/audio_piece.ts";
import { cutAudio } from "../../../../src/simulator/_session/output/cut_audio.ts";
import { atSpeed, audioOf } from "../../../../src/simulator/_session/output/spoken_audio.ts";
import { synthesizeSpeech } from "../../../../src/simulator/speech.ts";
import { joined } from "../../_sound.ts";

const TEXT = "The trains are running again.";
const WIRES: readonly WireAudio[] = [
  PCM_24,
  wireAudioOf({ type: "audio/pcmu" }),
  wireAudioOf({ type: "audio/pcma" }),
  { encoding: "audio/pcm", rate: 16_000 },
];

/** Samples in chunks of equal length. */
function inChunks(samples: Int16Array, length: number): Speech {
  const chunks = Array.from(
    { length: Math.ceil(samples.length / length) },
    (_, index) => samples.subarray(index * length, (index + 1) * length),
  );
  return { length: samples.length, chunks };
}

/** The whole audio, encoded at once. */
function encoded(samples: Int16Array, { encoding, rate }: WireAudio): number[] {
  if (rate === 24_000) return [...toBytes(samples)];
  const resampled = float32ToPcm16(resample(samples, { from: 24_000, to: rate }));
  return [...encoding === "audio/pcm" ? toBytes(resampled) : encodeG711(resampled, encoding)];
}

function bytesOf(pieces: readonly AudioPiece[]): number[] {
  return pieces.flatMap(({ bytes }) => [...bytes]);
}

Deno.test("cutAudio() yields the same bytes however its chunks are split, and keeps their samples", () => {
  const samples = synthesizeSpeech(TEXT);
  for (const wire of WIRES) {
    for (const length of [1, 119, 120, 4800, 5000, samples.length]) {
      const pieces = [...cutAudio(inChunks(samples, length), wire)];
      assertEquals(bytesOf(pieces), encoded(samples, wire), `${wire.encoding} in chunks of ${length}`);
      assertEquals(joined(...pieces.map((piece) => piece.samples)), samples);
    }
  }
});

Deno.test("cutAudio() starts with 100 ms, followed by pieces of 200 ms", () => {
  for (
    const [ms, expected] of [[0, []], [40, [40]], [100, [100]], [101, [100, 1]], [650, [100, 200, 200, 150]]] as const
  ) {
    const samples = new Int16Array(ms * 24);
    for (const wire of WIRES) {
      const speech = inChunks(samples, 120);
      const pieces = [...cutAudio(speech, wire)];
      assertEquals(pieces.map((piece) => piece.samples.length / 24), [...expected]);
      assertEquals(
        // A millisecond of 44.1 kHz audio is no whole number of samples.
        pieces.map(({ bytes }) =>
          Math.floor(bytes.length / wire.rate * 1000 / (wire.encoding === "audio/pcm" ? 2 : 1))
        ),
        [...expected],
      );
      assertEquals(countPieces(speech), expected.length);
    }
  }
});

Deno.test("audioOf() synthesizes text lazily, a second at a time, with the result of synthesizeSpeech()", () => {
  let made = 0;
  const { chunks, length } = audioOf(TEXT, undefined);
  assert("next" in chunks, "they are not there before they are asked for");
  const counted = function* () {
    for (const chunk of chunks) {
      made += chunk.length;
      yield chunk;
    }
  };
  const pieces = cutAudio({ length, chunks: counted() }, PCM_24);
  const first = pieces.next().value as AudioPiece;
  assertEquals([first.samples.length, made], [2400, 24_000]);
  assertEquals(joined(first.samples, ...[...pieces].map(({ samples }) => samples)), synthesizeSpeech(TEXT));
  assertEquals(made, length);
});

Deno.test("A recording played by many sessions is not copied for each", () => {
  const recording = synthesizeSpeech(TEXT);
  for (const { samples } of cutAudio(audioOf(TEXT, recording), PCM_24)) {
    assert(samples.buffer === recording.buffer);
  }
});

Deno.test("A recording is split and encoded once for all its players, however they interleave", () => {
  const recording = synthesizeSpeech(TEXT);
  const whole = recording.slice();
  for (const wire of WIRES) {
    const [fast, slow] = [cutAudio(audioOf(TEXT, recording), wire), cutAudio(audioOf("", recording), wire)];
    const ahead = [fast.next().value, fast.next().value];
    const late = [...slow];
    const rest = [...fast];
    assertEquals([...ahead, ...rest].map((piece) => late.indexOf(piece!)), [...late.keys()]);
    assertEquals(bytesOf(late), encoded(whole, wire));
    assertEquals(late.map(({ base64 }) => base64), late.map(({ bytes }) => encodeBase64(bytes)));
  }
});

Deno.test("A recording longer than a minute, or at another speed, is not cached", () => {
  const recording = new Int16Array(24_000 * 60 + 1);
  const first = (speed: number) => cutAudio(atSpeed(audioOf(TEXT, recording), speed), PCM_24).next().value;
  assert(first(1) !== first(1));
  const short = recording.subarray(0, 24_000 * 60);
  const firstOf = (speed: number) => cutAudio(atSpeed(audioOf(TEXT, short), speed), PCM_24).next().value;
  assert(firstOf(1) === firstOf(1));
  assert(firstOf(0.5) !== firstOf(0.5));
  assert(firstOf(0.5) !== firstOf(1));
});

Deno.test("A recording is processed piece by piece at any speed", () => {
  const recording = synthesizeSpeech(TEXT);
  for (const speed of [0.25, 0.77, 1, 1.5]) {
    const percent = Math.round(100 * speed);
    const whole = percent === 100
      ? recording
      : float32ToPcm16(resample(recording, { from: 960 * percent, to: 96_000 }));
    for (const wire of WIRES) {
      const speech = atSpeed(audioOf(TEXT, recording), speed);
      assertEquals(speech.length, whole.length);
      const pieces = [...cutAudio(speech, wire)];
      assertEquals(bytesOf(pieces), encoded(whole, wire), `${wire.encoding} at speed ${speed}`);
      assertEquals(countPieces(speech), pieces.length);
    }
    const [first] = atSpeed(audioOf(TEXT, recording), speed).chunks;
    assert(percent === 100 || first!.length < 6 * 4800, "not all at once");
  }
});
