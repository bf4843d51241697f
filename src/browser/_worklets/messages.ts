// This module is browser compatible.

/** Samples per second of the session's audio. */
export const SESSION_RATE = 24_000;
/** The same per millisecond, which is not computed, as bundlers would keep the division. */
export const SAMPLES_PER_MS = 24;
/** Number of samples in 20 ms. */
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

/** A command to a player. */
export type PlayerCommand =
  | { readonly type: "push"; readonly key: number; readonly samples: Int16Array<ArrayBuffer> }
  | { readonly type: "flush" };

/**
 * A report of a player: the number of samples `played` of the audio under a key, and the number of samples `done`, that
 * is, played or dropped, of all audio. Each flush is answered by one `flushed`, in order.
 */
export type PlayerReport =
  | {
    readonly type: "progress";
    readonly key: number;
    readonly played: number;
    readonly level: number;
    readonly done: number;
  }
  | { readonly type: "flushed"; readonly key: number; readonly played: number };
