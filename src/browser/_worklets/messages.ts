// This module is browser compatible.

/** Samples per second of the session's audio. */
export const SESSION_RATE = 24_000;
/** Samples of 20 ms. */
export const BLOCK_SAMPLES = 480;

/** Name under which the microphone's processor is registered. */
export const CAPTURE = "oai-rt-capture";
/** Name under which the loudspeaker's processor is registered. */
export const PLAYER = "oai-rt-player";

/** A piece of the user's voice. */
export interface CaptureMessage {
  /** 20 ms at 24 kHz. */
  readonly samples: Int16Array<ArrayBuffer>;
  /** Root mean square, 0 to 1. */
  readonly level: number;
}

/** What a player is asked to do. */
export type PlayerCommand =
  | { readonly type: "push"; readonly key: number; readonly samples: Int16Array<ArrayBuffer> }
  | { readonly type: "flush"; readonly flushId: number };

/**
 * What a player reports: of what was pushed under a key, so many samples were `played`; of everything that was pushed, so
 * many are `done`, played or dropped.
 */
export type PlayerReport =
  | {
    readonly type: "progress";
    readonly key: number;
    readonly played: number;
    readonly level: number;
    readonly done: number;
  }
  | { readonly type: "flushed"; readonly flushId: number; readonly key: number; readonly played: number };
