// This module is browser compatible.

/**
 * Tokens of the backend of a responses delegation, which are billed separately from the seconds.
 *
 * @category Events
 */
export interface LiveBackendUsage {
  /** Responses that have been counted. */
  readonly responses: number;
  /** Input tokens. */
  readonly inputTokens: number;
  /** Output tokens. */
  readonly outputTokens: number;
}

/**
 * Usage of a Live session so far.
 *
 * @category Events
 */
export interface LiveSessionUsage {
  /** Active seconds, as last reported by the server; each figure replaces the previous one. */
  readonly seconds: number;
  /** Fill level of the model's context, from 0 to 1; `undefined` until the server has reported it. May decrease. */
  readonly contextRatio: number | undefined;
  /** Tokens of the backend. */
  readonly backend: LiveBackendUsage;
}
