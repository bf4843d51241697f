// This module is browser compatible.
import type { PcmChunk } from "../audio/mod.ts";
import type { ResponseHandle, ResponseSettings } from "../session/mod.ts";

/**
 * Shortest turn that the server accepts, in milliseconds.
 *
 * @category Voice
 */
export const MIN_COMMIT_MS = 100;

/**
 * A turn of the user by push-to-talk, from the press of the button to its release.
 *
 * @category Voice
 */
export interface TalkTurn {
  /** Audio of this turn so far, in milliseconds, including the pre-roll. */
  readonly lengthMs: number;
  /**
   * Sends audio, of the types that `input` accepts. Resolves when there is room for more: with `overflow: "wait"`, a
   * source that is faster than the connection should wait for that, as its audio otherwise piles up in memory. Rejects
   * with a `ConnectionError` when the session ends meanwhile.
   *
   * @throws {TypeError} when the turn has ended.
   * @throws {ConnectionError} when the session has ended.
   */
  append(audio: PcmChunk): Promise<void>;
  /**
   * Ends the turn and creates an item from it; resolves with its id. No response is requested. When the connection
   * drops meanwhile, or is dead, the next one receives the audio and the commit again. The audio of a later turn waits
   * for that, so that every turn is an item of its own.
   *
   * @throws {RangeError} when it is shorter than {@linkcode MIN_COMMIT_MS} without its pre-roll: nothing is committed,
   * and the turn continues.
   * @throws {TypeError} when the turn has ended.
   * @throws {RealtimeApiError} when the server rejects it.
   * @throws {ConnectionError} when the session ends first.
   */
  commit(): Promise<string>;
  /**
   * Ends the turn when the button is released: commits it and requests a response, or cancels it when it is too short;
   * resolves with the response, if there is one. Errors are those of {@linkcode commit}.
   */
  release(settings?: ResponseSettings): Promise<ResponseHandle | undefined>;
  /**
   * Ends the turn and discards its audio, which the next connection does not receive if this one drops. Idempotent;
   * other errors are those of `clearAudio()`.
   */
  cancel(): Promise<void>;
}
