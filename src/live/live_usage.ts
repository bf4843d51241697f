// This module is browser compatible.

/**
 * Tokens of the backend of a responses delegation, which are billed apart from the seconds.
 *
 * @category Events
 */
export interface LiveBackendUsage {
  /** Responses that have been counted. */
  readonly responses: number;
  /** Tokens in. */
  readonly inputTokens: number;
  /** Tokens out. */
  readonly outputTokens: number;
}

/**
 * Usage of a Live session so far.
 *
 * @category Events
 */
export interface LiveSessionUsage {
  /** Active seconds, as the server told them last; each figure replaces the one before. */
  readonly seconds: number;
  /** How full the context of the model is, from 0 to 1; `undefined` until the server has told. May fall. */
  readonly contextRatio: number | undefined;
  /** Tokens of the backend. */
  readonly backend: LiveBackendUsage;
}
