// This module is browser compatible.
import { createSampleReader } from "./_sample_reader.ts";
import { transform, unlessEmpty } from "./_transform.ts";
import { toBytes } from "./pcm.ts";

/**
 * The two laws of G.711: µ-law, used in North American and Japanese telephony, and A-law, used elsewhere.
 *
 * @category Audio
 */
export type G711Encoding = "audio/pcmu" | "audio/pcma";

/** Added to a µ-law magnitude, so that the segments begin at powers of two. */
const MU_BIAS = 132;

/**
 * Compresses PCM16 samples to G.711, one byte per sample, bit for bit as the ITU's reference code does: a value on a
 * decision level belongs to the interval above it.
 *
 * @category Audio
 *
 * @param samples PCM16 samples, usually at 8 kHz.
 * @param format the law to use.
 * @throws {TypeError} when `format` is neither of the two.
 *
 * @example Silence and full scale in µ-law
 * ```ts
 * import { encodeG711 } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(encodeG711(new Int16Array([0, 32767, -32768]), "audio/pcmu"), new Uint8Array([0xff, 0x80, 0x00]));
 * ```
 */
export function encodeG711(samples: Int16Array, format: G711Encoding): Uint8Array<ArrayBuffer> {
  checkFormat(format);
  const encode = format === "audio/pcmu" ? encodeMuLaw : encodeALaw;
  const bytes = new Uint8Array(samples.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = encode(samples[i]!);
  return bytes;
}

/**
 * Expands G.711 to PCM16 samples.
 *
 * @category Audio
 *
 * @param bytes G.711, one byte per sample.
 * @param format the law to use.
 * @throws {TypeError} when `format` is neither of the two.
 *
 * @example The loudest and the softest codes of A-law
 * ```ts
 * import { decodeG711 } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(decodeG711(new Uint8Array([0xaa, 0x2a, 0xd5]), "audio/pcma"), new Int16Array([32256, -32256, 8]));
 * ```
 */
export function decodeG711(bytes: Uint8Array, format: G711Encoding): Int16Array<ArrayBuffer> {
  checkFormat(format);
  const decode = format === "audio/pcmu" ? decodeMuLaw : decodeALaw;
  const samples = new Int16Array(bytes.length);
  for (let i = 0; i < samples.length; i++) samples[i] = decode(bytes[i]!);
  return samples;
}

/**
 * Creates a stream that compresses PCM16, as bytes cut anywhere or as samples, to G.711.
 *
 * @category Audio
 *
 * @param format the law to use.
 * @throws {TypeError} when `format` is neither of the two.
 *
 * @example From the API's 24 kHz to the telephone
 * ```ts
 * import { chunkAudio, encodeG711Stream, resampleAudio } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * const frames = new Blob([new Uint8Array(4800)]).stream()
 *   .pipeThrough(resampleAudio({ from: 24000, to: 8000 }))
 *   .pipeThrough(encodeG711Stream("audio/pcmu"))
 *   .pipeThrough(chunkAudio({ chunkMs: 20, format: "audio/pcmu" }));
 * assertEquals((await Array.fromAsync(frames)).map((frame) => frame.length), [160, 160, 160, 160, 160]);
 * ```
 */
export function encodeG711Stream(
  format: G711Encoding,
): TransformStream<Uint8Array | Int16Array, Uint8Array<ArrayBuffer>> {
  checkFormat(format);
  const read = createSampleReader<Int16Array>();
  return transform({ push: (chunk) => unlessEmpty(encodeG711(read(chunk), format)) });
}

/**
 * Creates a stream that expands G.711 to PCM16 bytes.
 *
 * @category Audio
 *
 * @param format the law to use.
 * @throws {TypeError} when `format` is neither of the two.
 */
export function decodeG711Stream(format: G711Encoding): TransformStream<Uint8Array, Uint8Array<ArrayBuffer>> {
  checkFormat(format);
  return transform({ push: (bytes) => unlessEmpty(toBytes(decodeG711(bytes, format))) });
}

function checkFormat(format: G711Encoding): void {
  if (format !== "audio/pcmu" && format !== "audio/pcma") {
    throw new TypeError(`Cannot convert G.711 as format must be audio/pcmu or audio/pcma: current value is ${format}`);
  }
}

/** The size of a sample without its sign; -1 counts as 0, so that both signs have the same number of values. */
function magnitudeOf(sample: number): number {
  return sample ^ (sample >> 31);
}

function encodeMuLaw(sample: number): number {
  const magnitude = Math.min(magnitudeOf(sample) + MU_BIAS, 0x7fff);
  const segment = 24 - Math.clz32(magnitude);
  const code = (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f);
  return code ^ (sample < 0 ? 0x7f : 0xff);
}

function decodeMuLaw(code: number): number {
  const inverted = ~code;
  const magnitude = ((((inverted & 0x0f) << 3) + MU_BIAS) << ((inverted >> 4) & 7)) - MU_BIAS;
  return inverted & 0x80 ? -magnitude : magnitude;
}

function encodeALaw(sample: number): number {
  const magnitude = magnitudeOf(sample);
  const segment = Math.max(24 - Math.clz32(magnitude), 0);
  const code = (segment << 4) | ((magnitude >> Math.max(segment + 3, 4)) & 0x0f);
  return code ^ (sample < 0 ? 0x55 : 0xd5);
}

function decodeALaw(code: number): number {
  const toggled = code ^ 0x55;
  const segment = (toggled >> 4) & 7;
  const step = ((toggled & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 256) << (segment - 1);
  return toggled & 0x80 ? magnitude : -magnitude;
}
