// This module is browser compatible.
import { createSampleReader } from "./_sample_reader.ts";
import { transform, unlessEmpty } from "./_transform.ts";
import { float32ToPcm16, type PcmChunk, toBytes } from "./pcm.ts";
import { createResampler, type ResampleOptions } from "./resampler.ts";

/**
 * Changes the sample rate of a whole piece of mono audio, as {@linkcode createResampler} does.
 *
 * @category Audio
 *
 * @param samples PCM16 samples, or floats with a full scale of 1.
 * @param options the two rates.
 * @returns `Math.ceil(samples.length * to / from)` samples with a full scale of 1.
 * @throws {RangeError} when a rate is out of range, or a term of the reduced ratio of the two rates is above 1 280.
 */
export function resample(samples: Int16Array | Float32Array, options: ResampleOptions): Float32Array<ArrayBuffer> {
  const resampler = createResampler(options);
  const head = resampler.push(samples);
  const tail = resampler.flush();
  const whole = new Float32Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}

/**
 * Creates a stream that changes the sample rate of mono audio, as {@linkcode createResampler} does. It takes PCM16
 * bytes cut anywhere, samples or floats, and produces PCM16 bytes. Closing it emits the tail.
 *
 * @category Audio
 *
 * @param options the two rates.
 * @throws {RangeError} when a rate is out of range, or a term of the reduced ratio of the two rates is above 1 280.
 *
 * @example A microphone at 48 kHz, for the API
 * ```ts
 * import { resampleAudio } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * const microphone = new Blob([new Uint8Array(9600)]).stream();
 * const audio = microphone.pipeThrough(resampleAudio({ from: 48000, to: 24000 }));
 * assertEquals((await new Response(audio).bytes()).length, 4800);
 * ```
 */
export function resampleAudio(options: ResampleOptions): TransformStream<PcmChunk, Uint8Array<ArrayBuffer>> {
  const resampler = createResampler(options);
  const read = createSampleReader();
  return transform({
    push: (chunk: PcmChunk) => unlessEmpty(toBytes(float32ToPcm16(resampler.push(read(chunk))))),
    flush: () => unlessEmpty(toBytes(float32ToPcm16(resampler.flush()))),
  });
}
