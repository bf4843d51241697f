// This module is browser compatible.
import type { AudioEncoding } from "../audio/mod.ts";
import type { EffectiveAudioFormat } from "../protocol/mod.ts";

const RATES: Readonly<Record<AudioEncoding, number>> = {
  "audio/pcm": 24_000,
  "audio/pcmu": 8_000,
  "audio/pcma": 8_000,
};

/** What the bytes of one side of a session stand for. */
export interface WireLayout {
  /** Encoding. */
  readonly format: AudioEncoding;
  /** Samples per second. */
  readonly sampleRate: number;
  /** Samples in a frame. */
  readonly channels: 1;
}

/**
 * What the bytes of a format stand for. A format that is unknown, or that the server did not state, is read as the API's
 * own: 24 kHz PCM16.
 */
export function audioLayout(format: EffectiveAudioFormat | null | undefined): WireLayout {
  const encoding = format && format.type in RATES ? format.type as AudioEncoding : "audio/pcm";
  return { format: encoding, sampleRate: format?.rate ?? RATES[encoding], channels: 1 };
}
