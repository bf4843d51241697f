// This module is browser compatible.

/**
 * The next words of one side of a translation.
 *
 * @category Translation
 */
export interface TranslationWords {
  /** `"input"` is what was said, in the source language; `"output"` is its translation. */
  readonly side: "input" | "output";
  /** The words. Those of one side are joined as they are, without spaces between. */
  readonly text: string;
  /**
   * Where they belong, in milliseconds of the audio that was sent, in steps of 200; `undefined` where the server does not
   * say.
   */
  readonly elapsedMs: number | undefined;
}
