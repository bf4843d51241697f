// This module is browser compatible.
import type { EventIssue } from "../errors.ts";

/**
 * The reason why a webhook was rejected:
 *
 * - `"headers"`: the headers of a signed webhook are missing or invalid;
 * - `"timestamp"`: it was signed too long ago, or in the future;
 * - `"too_large"`: the body has more bytes than allowed;
 * - `"signature"`: none of the signatures was made with one of the secrets;
 * - `"replayed"`: the signature is correct, but the same webhook has been seen before;
 * - `"body"`: the signature is correct, but the body is not an event.
 *
 * @category REST
 */
export type WebhookRefusal = "headers" | "timestamp" | "too_large" | "signature" | "replayed" | "body";

/**
 * Options of a {@linkcode WebhookVerificationError}.
 *
 * @category REST
 */
export interface WebhookVerificationErrorOptions {
  /** The reason for the rejection. */
  reason: WebhookRefusal;
  /** The header `webhook-id`. */
  webhookId?: string | undefined;
  /** Faults of the body. */
  issues?: readonly EventIssue[] | undefined;
  /** The body, parsed if it is JSON. */
  raw?: unknown;
}

/**
 * A webhook could not be verified. Respond with 200 to one that was `"replayed"`, so that it is not sent again, and
 * with 400 to the others. Never contains the secret or the correct signature.
 *
 * @category REST
 */
export class WebhookVerificationError extends Error {
  /** The reason for the rejection. */
  readonly reason: WebhookRefusal;
  /** The header `webhook-id`. It is unverified unless `reason` is `"replayed"` or `"body"`. */
  readonly webhookId: string | undefined;
  /** Faults of the body, when `reason` is `"body"`; empty otherwise. */
  readonly issues: readonly EventIssue[];
  /**
   * The body, parsed if it is JSON, when `reason` is `"body"`. It does come from OpenAI, so content that this version
   * does not understand is not lost.
   */
  readonly raw: unknown;

  /** Creates the error from its message and the known details. */
  constructor(message: string, options: WebhookVerificationErrorOptions) {
    super(message);
    this.name = "WebhookVerificationError";
    this.reason = options.reason;
    this.webhookId = options.webhookId;
    this.issues = options.issues ?? [];
    this.raw = options.raw;
  }
}
