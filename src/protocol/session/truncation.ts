// This module is browser compatible.
import type { OpenEnum } from "../open_enum.ts";

/**
 * Token limits of {@linkcode RetentionTruncation}.
 *
 * @category Session
 */
export interface TruncationTokenLimits {
  /**
   * Maximum number of tokens of the conversation after the instructions and tools. At most context size minus output
   * limit.
   */
  readonly post_instructions?: number | undefined;
}

/**
 * Drops more than necessary at once, so that the cache of the rest stays useful for longer.
 *
 * @category Session
 */
export interface RetentionTruncation {
  /** Kind of truncation. */
  readonly type: "retention_ratio";
  /** Fraction of the allowed tokens that is kept, 0 to 1. */
  readonly retention_ratio: number;
  /** Limits to use instead of the model's. */
  readonly token_limits?: TruncationTokenLimits | undefined;
}

/**
 * Truncation of a conversation that exceeds the model's context: the oldest messages are omitted (`"auto"`), none are
 * and the response fails (`"disabled"`), or a fraction is kept.
 *
 * @category Session
 */
export type Truncation = "auto" | "disabled" | RetentionTruncation;

/**
 * Token limits as the server reports them.
 *
 * @category Session
 */
export interface EffectiveTruncationTokenLimits {
  /** Maximum number of tokens of the conversation after the instructions and tools. */
  readonly post_instructions?: number | null | undefined;
}

/**
 * A truncation with parameters, as the server reports it.
 *
 * @category Session
 */
export interface EffectiveTruncationRule {
  /** Kind of truncation. */
  readonly type: OpenEnum<"retention_ratio">;
  /** Fraction of the allowed tokens that is kept, 0 to 1. */
  readonly retention_ratio?: number | null | undefined;
  /** Limits used instead of the model's. */
  readonly token_limits?: EffectiveTruncationTokenLimits | null | undefined;
}

/**
 * Truncation as the server reports it.
 *
 * @category Session
 */
export type EffectiveTruncation = OpenEnum<"auto" | "disabled"> | EffectiveTruncationRule;
