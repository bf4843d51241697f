// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";

/**
 * Built-in voices of the Live API, in alphabetical order.
 *
 * @category Live
 */
export const LIVE_VOICES = [
  "alloy",
  "ash",
  "ballad",
  "beacon",
  "bossa",
  "cedar",
  "cinder",
  "coral",
  "delta",
  "echo",
  "gleam",
  "marin",
  "meridian",
  "quartz",
  "ripple",
  "sage",
  "shida",
  "shimmer",
  "stone",
  "tempo",
  "verse",
  "vesper",
  "willow",
] as const;

/**
 * A voice of your own.
 *
 * @category Live
 */
export interface LiveCustomVoice {
  /** Identifier of the voice, 1 to 128 characters. */
  readonly id: string;
}

/**
 * Name of a built-in voice.
 *
 * @category Live
 */
export type LiveVoiceName = OpenEnum<(typeof LIVE_VOICES)[number]>;

/**
 * A built-in voice by its name, or a custom voice. The default is `marin`.
 *
 * @category Live
 */
export type LiveVoice = LiveVoiceName | LiveCustomVoice;
