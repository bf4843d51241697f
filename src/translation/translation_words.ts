// This module is browser compatible.

/**
 * The next words of one side of a translation.
 *
 * @category Translation
 */
export interface TranslationWords {
  /** `"input"` is the speech in the source language; `"output"` is its translation. */
  readonly side: "input" | "output";
  /** The words. Those of one side are concatenated without additional spaces. */
  readonly text: string;
  /**
   * Position in the audio that was sent, in milliseconds, in steps of 200; `undefined` if the server does not report
   * it.
   */
  readonly elapsedMs: number | undefined;
}
