// This module is browser compatible.

/**
 * Maximum size of a fixture's decoded audio, in bytes: 30 s of 24 kHz PCM16.
 *
 * @category Live
 */
export const MAX_LIVE_FIXTURE_BYTES = 1_440_000;

/**
 * Maximum number of tokens in the `content` of one `session.instructions.append`, `.thinking.append` or
 * `.commentary.append`.
 *
 * @category Live
 */
export const MAX_LIVE_APPEND_TOKENS = 500;

/**
 * Maximum number of tokens in the `instructions` of a Live session.
 *
 * @category Live
 */
export const MAX_LIVE_INSTRUCTIONS_TOKENS = 16_384;

/**
 * Maximum number of messages in the `input` of a Live session.
 *
 * @category Live
 */
export const MAX_LIVE_INPUT_ITEMS = 128;

/**
 * Maximum number of tokens in the `input` of a Live session.
 *
 * @category Live
 */
export const MAX_LIVE_INPUT_TOKENS = 8_192;

/**
 * Maximum number of entries in each list of `client.data_channel`.
 *
 * @category Live
 */
export const MAX_LIVE_ALLOWED_EVENTS = 256;

/**
 * Minimum number that `max_output_tokens` of a responses delegation accepts.
 *
 * @category Live
 */
export const MIN_LIVE_MAX_OUTPUT_TOKENS = 16;

/**
 * Maximum number of items that may wait for the next `response.create`.
 *
 * @category Live
 */
export const MAX_LIVE_PENDING_ITEMS = 128;

/**
 * Maximum size of the items that wait for the next `response.create`, in bytes of UTF-8.
 *
 * @category Live
 */
export const MAX_LIVE_PENDING_BYTES = 32_768;

/**
 * Longest life of a Live session, in milliseconds: two hours.
 *
 * @category Live
 */
export const MAX_LIVE_SESSION_MS = 7_200_000;
