// This module is browser compatible.
import type { WireLayout } from "../../_media/audio_layout.ts";
import type { LiveAudioFormat } from "../../protocol/mod.ts";

/** Encoding and rate of a session's format; without one, the server's default. */
export function liveLayout({ rate, type }: LiveAudioFormat = { type: "audio/pcm", rate: 24_000 }): WireLayout {
  return { format: type, sampleRate: rate, channels: 1 };
}
