import { assertThrows } from "@std/assert";
import {
  chunkAudio,
  createAudioChunker,
  createLevelMeter,
  createResampler,
  meterAudio,
  readWav,
  readWavStream,
  resample,
  resampleAudio,
} from "../../src/audio/mod.ts";

const onLevel = () => {};

Deno.test("functions of ./audio reject unknown options with a suggestion", () => {
  const rates = { from: 8_000, to: 24_000, quality: "best" };
  const cases: readonly (readonly [() => unknown, string])[] = [
    [
      () => createAudioChunker({ chunkMs: 20, chunkms: 20 } as object),
      "Cannot chunk audio as there is no option chunkms",
    ],
    [() => chunkAudio({ rate: 8_000 } as object), "there is no option rate: did you mean sampleRate?"],
    [() => createLevelMeter({ window: 20 } as object), "there is no option window: did you mean windowMs?"],
    [() => meterAudio({ onLevel, sample_rate: 8_000 } as { onLevel(): void }), "did you mean sampleRate?"],
    [() => createResampler(rates), "Cannot resample as there is no option quality"],
    [() => resample(new Int16Array(1), rates), "there is no option quality"],
    [() => resampleAudio(rates), "there is no option quality"],
    [() => readWav(new Uint8Array(0), { Strict: true } as object), "there is no option Strict: did you mean strict?"],
    [() => readWavStream({ Strict: true } as object), "there is no option Strict: did you mean strict?"],
  ];
  for (const [act, message] of cases) assertThrows(act, TypeError, message);
});
