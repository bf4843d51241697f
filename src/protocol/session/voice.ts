// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";

/**
 * Name of a built-in voice.
 *
 * @category Session
 */
export type VoiceName = OpenEnum<
  "alloy" | "ash" | "ballad" | "coral" | "echo" | "sage" | "shimmer" | "verse" | "marin" | "cedar"
>;

/**
 * Reference to a voice made from recordings.
 *
 * @category Session
 */
export interface CustomVoice {
  /** Identifier of the voice, e.g. `voice_1234`. */
  readonly id: string;
}

/**
 * The voice that speaks. It cannot be changed once the model has spoken in a session.
 *
 * @category Session
 */
export type Voice = VoiceName | CustomVoice;
