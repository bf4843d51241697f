// This module is browser compatible.
import type { OptionNames } from "../_internal/check_options.ts";
import type { VoiceOptions } from "./voice_options.ts";

/** The names of the {@linkcode VoiceOptions}, for `checkOptions`. */
export const VOICE_NAMES: OptionNames<VoiceOptions> = {
  audioKit: 1,
  autoBargeIn: 1,
  chunkMs: 1,
  clock: 1,
  echoTailMs: 1,
  halfDuplex: 1,
  inputEnd: 1,
  inputRate: 1,
  leadMs: 1,
  maxLagMs: 1,
  maxUnheardMs: 1,
  minBargeInMs: 1,
  onDrop: 1,
  overflow: 1,
  playbackSource: 1,
  preRollMs: 1,
  track: 1,
  transcriptTimeoutMs: 1,
};
