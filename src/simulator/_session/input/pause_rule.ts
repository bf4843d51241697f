// This module is browser compatible.

/** Decides how long a pause must last to end a turn. */
export interface PauseRule {
  /** Hears the next frame, speech or not. */
  hear(frame: VadFrame): void;
  /** Milliseconds of silence that end the turn that was heard last. */
  readonly silenceMs: number;
}

/** A piece of audio for one decision. */
export interface VadFrame {
  /** Its samples. */
  readonly samples: Int16Array;
  /** Its RMS level. */
  readonly dbfs: number;
  /** Whether it is too soft to be speech. */
  readonly isQuiet: boolean;
}

/** The rule of `server_vad`: all pauses are treated alike. */
export function fixedPause(silenceMs: number): PauseRule {
  return { silenceMs, hear() {} };
}
