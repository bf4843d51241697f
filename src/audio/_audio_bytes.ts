// This module is browser compatible.
import type { AudioLayout } from "./duration.ts";
import { encodeG711 } from "./g711.ts";
import { toBytes } from "./pcm.ts";

/** The bytes of `audio` in the encoding of `layout`: samples are converted, bytes are assumed to be in it. */
export function audioBytes(audio: Uint8Array | Int16Array, layout: AudioLayout): Uint8Array {
  const { format = "audio/pcm" } = layout;
  if (!(audio instanceof Int16Array)) return audio;
  return format === "audio/pcm" ? toBytes(audio) : encodeG711(audio, format);
}
