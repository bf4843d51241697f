// This module is browser compatible.

/**
 * Maximum number of bytes of audio, decoded, in one `input_audio_buffer.append`: 15 MiB.
 *
 * @category Limits
 */
export const MAX_APPEND_BYTES = 15_728_640;

/**
 * Maximum length of a client event's `event_id`, in characters.
 *
 * @category Limits
 */
export const MAX_EVENT_ID_LENGTH = 512;

/**
 * Maximum length of an item's `id`, a `previous_item_id` and a `call_id`, in characters. A UUID is longer.
 *
 * @category Limits
 */
export const MAX_ID_LENGTH = 32;

/**
 * Maximum number of pairs of {@linkcode Metadata}.
 *
 * @category Limits
 */
export const MAX_METADATA_PAIRS = 16;

/**
 * Maximum length of a key of {@linkcode Metadata}, in characters.
 *
 * @category Limits
 */
export const MAX_METADATA_KEY_LENGTH = 64;

/**
 * Maximum length of a value of {@linkcode Metadata}, in characters.
 *
 * @category Limits
 */
export const MAX_METADATA_VALUE_LENGTH = 512;

/**
 * Slowest speech.
 *
 * @category Limits
 */
export const MIN_SPEED = 0.25;

/**
 * Fastest speech.
 *
 * @category Limits
 */
export const MAX_SPEED = 1.5;

/**
 * Shortest `idle_timeout_ms`.
 *
 * @category Limits
 */
export const MIN_IDLE_TIMEOUT_MS = 5_000;

/**
 * Longest `idle_timeout_ms`.
 *
 * @category Limits
 */
export const MAX_IDLE_TIMEOUT_MS = 30_000;

/**
 * Maximum number that `max_output_tokens` accepts; `"inf"` is the model's own limit.
 *
 * @category Limits
 */
export const MAX_OUTPUT_TOKENS = 4_096;

/**
 * Shortest life of a client secret, in seconds.
 *
 * @category Limits
 */
export const MIN_CLIENT_SECRET_SECONDS = 10;

/**
 * Longest life of a client secret, in seconds.
 *
 * @category Limits
 */
export const MAX_CLIENT_SECRET_SECONDS = 7_200;

/**
 * Samples per second of `audio/pcm`, the only rate that the API accepts.
 *
 * @category Limits
 */
export const PCM_RATE = 24_000;

/**
 * Longest life of a session, in milliseconds: 60 minutes.
 *
 * @category Limits
 */
export const MAX_SESSION_MS = 3_600_000;
