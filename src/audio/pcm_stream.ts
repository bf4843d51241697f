// This module is browser compatible.
import { createSampleReader } from "./_sample_reader.ts";
import { transform, unlessEmpty } from "./_transform.ts";
import { float32ToPcm16, pcm16ToFloat32, toBytes } from "./pcm.ts";

/**
 * Creates a stream that converts PCM16, as bytes cut anywhere or as samples, to floats, as {@linkcode pcm16ToFloat32}
 * does.
 *
 * @category Audio
 */
export function pcm16ToFloat32Stream(): TransformStream<Uint8Array | Int16Array, Float32Array<ArrayBuffer>> {
  const read = createSampleReader<Int16Array>();
  return transform({ push: (chunk) => unlessEmpty(pcm16ToFloat32(read(chunk))) });
}

/**
 * Creates a stream that converts floats to PCM16 bytes, as {@linkcode float32ToPcm16} does.
 *
 * @category Audio
 *
 * @example The samples of a microphone, as bytes
 * ```ts
 * import { float32ToPcm16Stream } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * const microphone = ReadableStream.from([new Float32Array([0, 0.5]), new Float32Array([-1])]);
 * const audio = microphone.pipeThrough(float32ToPcm16Stream());
 * assertEquals(await new Response(audio).bytes(), new Uint8Array([0, 0, 0, 0x40, 0, 0x80]));
 * ```
 */
export function float32ToPcm16Stream(): TransformStream<Float32Array, Uint8Array<ArrayBuffer>> {
  return transform({ push: (floats) => unlessEmpty(toBytes(float32ToPcm16(floats))) });
}
