// This module is browser compatible.
import type { EventIssue } from "../errors.ts";

/**
 * Why a webhook was not believed:
 *
 * - `"headers"`: the headers that a signed webhook has are missing, or are not what they should be;
 * - `"timestamp"`: it was signed too long ago, or in the future;
 * - `"too_large"`: the body has more bytes than allowed;
 * - `"signature"`: none of the signatures was made with one of the secrets;
 * - `"replayed"`: the signature is right, and the same webhook has been seen before;
 * - `"body"`: the signature is right, and the body is no event.
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
  /** Why the webhook was not believed. */
  reason: WebhookRefusal;
  /** The header `webhook-id`. */
  webhookId?: string | undefined;
  /** What is wrong with the body. */
  issues?: readonly EventIssue[] | undefined;
  /** What is in the body, parsed when it is JSON. */
  raw?: unknown;
}

/**
 * A webhook was not believed. Answer 200 to one that was `"replayed"`, so that it is not sent again, and 400 to the others.
 * Never contains the secret, nor the signature that would have been right.
 *
 * @category REST
 */
export class WebhookVerificationError extends Error {
  /** Why the webhook was not believed. */
  readonly reason: WebhookRefusal;
  /** The header `webhook-id`: what the sender claims, unless `reason` is `"replayed"` or `"body"`. */
  readonly webhookId: string | undefined;
  /** What is wrong with the body, when `reason` is `"body"`; empty otherwise. */
  readonly issues: readonly EventIssue[];
  /**
   * What is in the body, parsed when it is JSON, when `reason` is `"body"`. It does come from OpenAI, so that what this
   * version does not understand is not lost.
   */
  readonly raw: unknown;

  /** Creates the error from its message and what is known. */
  constructor(message: string, options: WebhookVerificationErrorOptions) {
    super(message);
    this.name = "WebhookVerificationError";
    this.reason = options.reason;
    this.webhookId = options.webhookId;
    this.issues = options.issues ?? [];
    this.raw = options.raw;
  }
}
