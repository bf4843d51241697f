/**
 * Path of a setting of a Live session that a server may let its pages change. Pages can never choose who handles
 * delegations, nor the events on a data channel.
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
 * All of these paths.
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
