// This module is browser compatible.
import type { AudioEncoding } from "../audio/mod.ts";
import { SILENT_CODES } from "../audio/silence.ts";
import type { EffectiveAudioFormat } from "../protocol/mod.ts";

const RATES: Readonly<Record<AudioEncoding, number>> = {
  "audio/pcm": 24_000,
  "audio/pcmu": 8_000,
  "audio/pcma": 8_000,
};

/** Plausible sample rates, in hertz. Another rate that a server reports is ignored. */
const MIN_RATE = 4_000;
const MAX_RATE = 384_000;

/** Encoding and rate of the audio in one direction of a session. */
export interface WireLayout {
  /** Encoding of the audio. */
  readonly format: AudioEncoding;
  /** Samples per second. */
  readonly sampleRate: number;
  /** Samples per frame. */
  readonly channels: 1;
}

/**
 * Encoding and rate of a format. A format that is unknown, not reported by the server, or whose rate is out of range
 * counts as the API's default: 24 kHz PCM16.
 */
export function audioLayout(format: EffectiveAudioFormat | null | undefined): WireLayout {
  const encoding = format && Object.hasOwn(RATES, format.type) ? format.type as AudioEncoding : "audio/pcm";
  const rate = format?.rate ?? 0;
  const sampleRate = rate >= MIN_RATE && rate <= MAX_RATE ? rate : RATES[encoding];
  return { format: encoding, sampleRate, channels: 1 };
}

/** Whether two layouts are the same. */
export function isSameLayout(a: WireLayout, b: WireLayout): boolean {
  return a === b || (a.format === b.format && a.sampleRate === b.sampleRate);
}

/**
 * Duration of a number of bytes, in milliseconds. Half a frame counts half, unlike in `bytesToMs`, which checks more.
 */
export function msOfBytes(bytes: number, layout: WireLayout): number {
  return bytes * 1000 / (layout.sampleRate * bytesPerSample(layout));
}

// A layout of the wire is known to be right: what follows need not check it, as the functions of `./audio` do.

/** Bytes of a sample. */
export function bytesPerSample({ format }: WireLayout): number {
  return format === "audio/pcm" ? 2 : 1;
}

/** How many bytes play for so many milliseconds, in whole samples. */
export function bytesOfMs(ms: number, layout: WireLayout): number {
  return Math.round(ms * layout.sampleRate / 1000) * bytesPerSample(layout);
}

/** Silence of so many milliseconds. */
export function silenceOf(ms: number, layout: WireLayout): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytesOfMs(ms, layout)).fill(SILENT_CODES[layout.format]);
}
