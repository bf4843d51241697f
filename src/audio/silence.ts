// This module is browser compatible.
import { type AudioLayout, msToBytes } from "./duration.ts";

/**
 * Makes silence: zeros in PCM, and in G.711 the code of the smallest positive value.
 *
 * @category Audio
 *
 * @param durationMs duration in milliseconds, rounded to whole frames as {@linkcode msToBytes} does.
 * @param layout what the audio is; by default mono PCM at 24 kHz.
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
  const bytes = new Uint8Array(msToBytes(durationMs, layout));
  if (layout.format === "audio/pcmu") bytes.fill(0xff);
  if (layout.format === "audio/pcma") bytes.fill(0xd5);
  return bytes;
}
