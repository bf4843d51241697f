// This module is browser compatible.
import { type AudioEncoding, type AudioLayout, msToBytes } from "./duration.ts";

/** The code of silence, by encoding. */
export const SILENT_CODES: Readonly<Record<AudioEncoding, number>> = {
  "audio/pcm": 0,
  "audio/pcmu": 0xff,
  "audio/pcma": 0xd5,
};

/**
 * Creates silence: zeros in PCM, and in G.711 the code of the smallest positive value.
 *
 * @category Audio
 *
 * @param durationMs duration in milliseconds, rounded to whole frames as {@linkcode msToBytes} does.
 * @param layout layout of the audio; by default mono PCM at 24 kHz.
 * @throws {RangeError} when `durationMs` is negative or not finite, or a field of `layout` is out of range.
 *
 * @example A fifth of a second of telephony
 * ```ts
 * import { silence } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(silence(200, { format: "audio/pcmu" }), new Uint8Array(1600).fill(0xff));
 * ```
 */
export function silence(durationMs: number, layout: AudioLayout = {}): Uint8Array<ArrayBuffer> {
  return new Uint8Array(msToBytes(durationMs, layout)).fill(SILENT_CODES[layout.format ?? "audio/pcm"]);
}
