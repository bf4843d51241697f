// This module is browser compatible.
import { createResampler, float32ToPcm16, type Resampler } from "../../../audio/mod.ts";
import { type Speech, speechOf } from "../../_speech/speech_voice.ts";
import { SAMPLES_PER_MS } from "../input/audio_codec.ts";

/** Samples processed at a time: 200 ms. */
const CHUNK = 200 * SAMPLES_PER_MS;

/** The audio of a text: its recording, if there is one, else a synthesized voice. */
export function audioOf(text: string, recording: Int16Array | undefined): Speech {
  return recording ? { length: recording.length, chunks: [recording], recording } : speechOf(text);
}

/** Changes the speed of audio, to a hundredth, and with it the pitch. */
export function atSpeed(speech: Speech, speed: number): Speech {
  const percent = Math.round(speed * 100);
  if (percent === 100) return speech;
  const resampler = createResampler({ from: 960 * percent, to: 96_000 });
  return { length: Math.ceil(speech.length * 100 / percent), chunks: resampled(speech.chunks, resampler) };
}

/** Splits chunks that are too long to be processed at once. */
export function* inParts(chunks: Iterable<Int16Array>): Generator<Int16Array> {
  for (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += CHUNK) yield chunk.subarray(start, start + CHUNK);
  }
}

function* resampled(chunks: Iterable<Int16Array>, resampler: Resampler): Generator<Int16Array> {
  for (const chunk of inParts(chunks)) yield float32ToPcm16(resampler.push(chunk));
  yield float32ToPcm16(resampler.flush());
}
