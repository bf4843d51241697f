// This module is browser compatible.
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";

/**
 * An encoding of audio, as the API names it: 16-bit linear PCM, G.711 µ-law, G.711 A-law.
 *
 * @category Audio
 */
export type AudioEncoding = "audio/pcm" | "audio/pcmu" | "audio/pcma";

/**
 * The layout of audio in bytes.
 *
 * @category Audio
 */
export interface AudioLayout {
  /**
   * Encoding: two bytes a sample for PCM, one for G.711.
   *
   * @default {"audio/pcm"}
   */
  readonly format?: AudioEncoding | undefined;
  /**
   * Frames per second, in hertz. A frame is one sample of every channel.
   *
   * @default {24000} for PCM, 8000 for G.711
   */
  readonly sampleRate?: number | undefined;
  /**
   * Samples per frame. The API supports mono only.
   *
   * @default {1}
   */
  readonly channels?: number | undefined;
}

/** The names of a layout's properties. A WAV file that was read is a layout, too. */
const LAYOUT_NAMES: OptionNames<AudioLayout & { readonly data: unknown; readonly samples: unknown }> = {
  channels: 1,
  data: 1,
  format: 1,
  sampleRate: 1,
  samples: 1,
};

/** Checks a layout. Throws {TypeError}. */
function checkLayout(layout: AudioLayout): void {
  checkOptions("measure audio", layout, LAYOUT_NAMES);
}

/**
 * Returns the number of bytes in one frame.
 *
 * @category Audio
 *
 * @param layout layout of the audio; by default mono PCM at 24 kHz.
 * @throws {TypeError} when `layout.format` is not a known encoding.
 * @throws {RangeError} when `layout.channels` is not a positive integer.
 */
export function bytesPerFrame(layout: AudioLayout = {}): number {
  checkLayout(layout);
  const { format = "audio/pcm", channels = 1 } = layout;
  if (!Number.isInteger(channels) || channels < 1) {
    throw new RangeError(`Cannot measure audio as channels must be a positive integer: current value is ${channels}`);
  }
  if (format !== "audio/pcm" && format !== "audio/pcmu" && format !== "audio/pcma") {
    throw new TypeError(`Cannot measure audio as format must be audio/pcm, audio/pcmu or audio/pcma: it is ${format}`);
  }
  return format === "audio/pcm" ? 2 * channels : channels;
}

/**
 * Returns the number of frames per second.
 *
 * @category Audio
 *
 * @param layout layout of the audio; by default mono PCM at 24 kHz.
 * @throws {RangeError} when `layout.sampleRate` is not a positive, finite number.
 */
export function framesPerSecond(layout: AudioLayout = {}): number {
  checkLayout(layout);
  const { format = "audio/pcm", sampleRate = format === "audio/pcm" ? 24_000 : 8_000 } = layout;
  if (!(sampleRate > 0 && sampleRate < Infinity)) {
    throw new RangeError(
      `Cannot measure audio as sampleRate must be a positive number: current value is ${sampleRate}`,
    );
  }
  return sampleRate;
}

/**
 * Returns the duration of a number of bytes, in milliseconds: the exact quotient, with its fraction. A trailing partial
 * frame does not count.
 *
 * @category Audio
 *
 * @param byteLength number of bytes of audio.
 * @param layout layout of the audio; by default mono PCM at 24 kHz.
 * @throws {RangeError} when `byteLength` or a field of `layout` is out of range.
 *
 * @example How long a delta of audio plays
 * ```ts
 * import { bytesToMs } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(bytesToMs(4800), 100);
 * assertEquals(bytesToMs(160, { format: "audio/pcmu" }), 20);
 * ```
 */
export function bytesToMs(byteLength: number, layout: AudioLayout = {}): number {
  if (!Number.isSafeInteger(byteLength) || byteLength < 0) {
    throw new RangeError(
      `Cannot measure audio as its length in bytes must be a non-negative integer: current value is ${byteLength}`,
    );
  }
  return Math.floor(byteLength / bytesPerFrame(layout)) * 1000 / framesPerSecond(layout);
}

/**
 * Returns the number of bytes that play for a number of milliseconds: whole frames, rounded to the nearest (half a
 * frame rounds up). A result of {@linkcode bytesToMs} for whole frames converts back unchanged.
 *
 * @category Audio
 *
 * @param durationMs duration in milliseconds, fractions allowed.
 * @param layout layout of the audio; by default mono PCM at 24 kHz.
 * @throws {RangeError} when `durationMs` is negative or not finite, or a field of `layout` is out of range.
 *
 * @example The size of a 20 ms frame of telephony
 * ```ts
 * import { msToBytes } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(msToBytes(20, { format: "audio/pcmu" }), 160);
 * assertEquals(msToBytes(20, { sampleRate: 48000, channels: 2 }), 3840);
 * ```
 */
export function msToBytes(durationMs: number, layout: AudioLayout = {}): number {
  if (!(durationMs >= 0 && durationMs < Infinity)) {
    throw new RangeError(
      `Cannot measure audio as its duration must be non-negative and finite: current value is ${durationMs}`,
    );
  }
  return Math.round(durationMs * framesPerSecond(layout) / 1000) * bytesPerFrame(layout);
}
