import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { telephone } from "../../examples/audio/telephone.ts";
import { float32ToPcm16 } from "../../src/audio/pcm.ts";
import { readWav, writeWav } from "../../src/audio/wav/wav.ts";
import { fitTone, tone } from "./_helpers.ts";

/** Two equal channels. */
function stereo(samples: Int16Array): Int16Array {
  return Int16Array.from({ length: samples.length * 2 }, (_, i) => samples[i >> 1]!);
}

async function call(frequency: number, rate: number): Promise<Int16Array> {
  const file = writeWav(stereo(float32ToPcm16(tone(frequency, rate, rate))), { sampleRate: rate, channels: 2 });
  const heard = readWav(await new Response(telephone(new Blob([file]).stream())).bytes());
  assertEquals([heard.sampleRate, heard.channels, heard.samples.length], [24_000, 1, 24_000]);
  return heard.samples;
}

Deno.test("telephone() passes a voice with only the noise of µ-law, whatever the rate of the file", async () => {
  for (const rate of [8_000, 22_050, 48_000]) {
    const { amplitude, snrDb } = fitTone(await call(1_010, rate), 1_010, 24_000);
    assertAlmostEquals(amplitude / 32_768, 0.9, 0.01);
    assert(snrDb > 34 && snrDb < 45, `${rate} Hz: ${snrDb} dB`);
  }
});

Deno.test("telephone() passes nothing above 4 kHz", async () => {
  // Start and end of a tone are clicks, which do pass.
  const heard = (await call(5_000, 48_000)).subarray(2_400, 21_600);
  assertLess(heard.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0), 10);
});
