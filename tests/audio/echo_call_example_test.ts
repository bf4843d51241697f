import { assert, assertEquals } from "@std/assert";
import { echoCall } from "../../examples/audio/echo_call.ts";
import { readWav } from "../../src/audio/mod.ts";

Deno.test("echoCall() returns speech with only the noise of µ-law", async () => {
  // Made by espeak-ng, see make.sh beside it.
  const file = await Deno.readFile(new URL("../../examples/assets/question.wav", import.meta.url));
  const call = await echoCall(file);
  console.log(
    `speech over noise: ${call.snrDb.toFixed(2)} dB in the band of a telephone, ${call.fileSnrDb.toFixed(2)} dB`,
  );
  // Eight bits of µ-law reach at most some 38 dB.
  assert(call.snrDb > 37 && call.snrDb < 39);
  assert(call.fileSnrDb > 17 && call.fileSnrDb < 21);
  const { sampleRate, channels, samples } = readWav(call.wav);
  const spoken = readWav(file).samples.length;
  // A sample of the line is three of the API.
  assertEquals([sampleRate, channels, samples.length], [24_000, 1, Math.ceil(spoken / 3) * 3]);
});

/** Mean power at frequencies 50 Hz apart, in decibels. */
function powerDb(samples: Int16Array, fromHz: number, toHz: number): number {
  let [sum, count] = [0, 0];
  for (let hz = fromHz; hz <= toHz; hz += 50, count++) {
    // Goertzel's algorithm under a Hann window, so that the ends of the speech are not clicks.
    const coefficient = 2 * Math.cos(2 * Math.PI * hz / 24_000);
    let [last, before] = [0, 0];
    for (const [i, sample] of samples.entries()) {
      const windowed = sample * (1 - Math.cos(2 * Math.PI * i / samples.length));
      [last, before] = [windowed + coefficient * last - before, last];
    }
    sum += last ** 2 + before ** 2 - coefficient * last * before;
  }
  return 10 * Math.log10(sum / count);
}

Deno.test("echoCall() leaves no images of the speech above the telephone band", async () => {
  const file = await Deno.readFile(new URL("../../examples/assets/question.wav", import.meta.url));
  const { samples } = readWav((await echoCall(file)).wav);
  const spoken = readWav(file).samples;
  const below = powerDb(samples, 300, 3_400);
  const above = powerDb(samples, 4_300, 11_900);
  console.log(
    `above 4.3 kHz: ${(above - below).toFixed(1)} dB, of the file ${
      (powerDb(spoken, 4_300, 11_900) - powerDb(spoken, 300, 3_400)).toFixed(1)
    } dB`,
  );
  assert(above - below < -80);
});
