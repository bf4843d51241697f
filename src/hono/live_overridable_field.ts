/**
 * The fields of a Live session that a server can leave to its pages, by their path. Who does what the model wants done,
 * and what passes a data channel, is never a page's to say.
 *
 * @category Edge app
 */
export const LIVE_OVERRIDABLE_FIELDS = [
  "audio.format",
  "audio.output.voice",
  "input",
  "instructions",
  "model",
  "store",
  "triggers",
] as const;

/**
 * Path of a field of a Live session that a server can leave to its pages.
 *
 * @category Edge app
 */
export type LiveOverridableField = typeof LIVE_OVERRIDABLE_FIELDS[number];
