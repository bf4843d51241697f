/**
 * Path of a field of a Live session that a server can leave to its pages. Who does what the model wants done, and what
 * passes a data channel, is never a page's to say.
 *
 * @category Edge app
 */
export type LiveOverridableField =
  | "audio.format"
  | "audio.output.voice"
  | "input"
  | "instructions"
  | "model"
  | "store"
  | "triggers";

/**
 * All of them.
 *
 * @category Edge app
 */
export const LIVE_OVERRIDABLE_FIELDS: readonly string[] = Object.keys(
  {
    "audio.format": 1,
    "audio.output.voice": 1,
    "input": 1,
    "instructions": 1,
    "model": 1,
    "store": 1,
    "triggers": 1,
  } satisfies Record<LiveOverridableField, 1>,
);
