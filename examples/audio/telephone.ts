/**
 * The sound that a caller hears: takes a WAV file of any rate, sends it through a telephone (µ-law at 8 kHz, in frames
 * of 20 ms) and returns the audio that the other end would send to the API, as a WAV file at 24 kHz.
 *
 * ```sh
 * deno run examples/audio/telephone.ts < examples/assets/question.wav > heard.wav
 * ```
 */
import {
  chunkAudio,
  createResampler,
  decodeG711Stream,
  encodeG711,
  float32ToPcm16,
  mixToMono,
  readWavStream,
  resampleAudio,
  type Resampler,
  writeWavStream,
} from "@oai-rt/edge/audio";

/** µ-law as it leaves the telephone. The rate of the file is known only once its header has come. */
async function* speak(file: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  let resampler: Resampler | undefined;
  for await (const { sampleRate, channels, samples } of file.pipeThrough(readWavStream())) {
    resampler ??= createResampler({ from: sampleRate, to: 8_000 });
    yield encodeG711(float32ToPcm16(resampler.push(mixToMono(samples, channels))), "audio/pcmu");
  }
  if (resampler) yield encodeG711(float32ToPcm16(resampler.flush()), "audio/pcmu");
}

/** Sends a WAV file through a telephone. */
export function telephone(file: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  return ReadableStream.from(speak(file))
    .pipeThrough(chunkAudio({ chunkMs: 20, format: "audio/pcmu" }))
    .pipeThrough(decodeG711Stream("audio/pcmu"))
    .pipeThrough(resampleAudio({ from: 8_000, to: 24_000 }))
    .pipeThrough(writeWavStream({ sampleRate: 24_000 }));
}

if (import.meta.main) await telephone(Deno.stdin.readable).pipeTo(Deno.stdout.writable);
