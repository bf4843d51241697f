// This module is browser compatible.
import type { WireLayout } from "../../_media/audio_layout.ts";
import type { LiveAudioFormat } from "../../protocol/mod.ts";

/** Encoding and rate of a format of a session. */
export function liveLayout({ rate, type }: LiveAudioFormat): WireLayout {
  return { format: type, sampleRate: rate, channels: 1 };
}
