import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ProblemCode } from "../problem.ts";

const STATUS: Readonly<Record<ProblemCode, ContentfulStatusCode>> = {
  invalid_request: 400,
  invalid_sdp: 400,
  invalid_override: 400,
  data_channel_not_allowed: 400,
  webhook_refused: 400,
  not_authorized: 403,
  origin_not_allowed: 403,
  override_not_allowed: 403,
  invalid_call_token: 403,
  not_found: 404,
  call_not_found: 404,
  method_not_allowed: 405,
  client_gone: 408,
  concurrency_limit_exceeded: 409,
  relay_not_found: 410,
  body_too_large: 413,
  unsupported_media_type: 415,
  idempotency_key_reused: 422,
  upgrade_required: 426,
  rate_limit_exceeded: 429,
  quota_exceeded: 429,
  internal_error: 500,
  upstream_refused: 502,
  upstream_unreachable: 502,
  upstream_busy: 503,
  store_unavailable: 503,
  shutting_down: 503,
  timed_out: 504,
};

/** Every code, in the order of its status. */
export const PROBLEM_CODES = Object.keys(STATUS) as readonly ProblemCode[];

/** The status of a code. */
export function statusOf(code: ProblemCode): ContentfulStatusCode {
  return STATUS[code];
}

/** Options of a {@linkcode ProblemError}. */
export interface ProblemErrorOptions {
  /** Field that it is about. */
  readonly param?: string | undefined;
  /** Headers of the response. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The cause, visible only to the server. */
  readonly cause?: unknown;
}

/** A request that is answered with a problem. The message is public. */
export class ProblemError extends HTTPException {
  /** The problem, as a code. */
  readonly code: ProblemCode;
  /** Field that it is about. */
  readonly param: string | undefined;
  /** Headers of the response. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, message: string, options: ProblemErrorOptions = {}) {
    super(STATUS[code], { message, cause: options.cause });
    this.name = "ProblemError";
    this.code = code;
    this.param = options.param;
    this.headers = options.headers ?? {};
  }
}

/** The problem of a request that takes too long. */
export function timedOut(cause?: unknown): ProblemError {
  return new ProblemError("timed_out", "The request timed out", { cause });
}

/** The problem of a request to an app that is being closed. */
export function shuttingDown(): ProblemError {
  return new ProblemError("shutting_down", "The server is shutting down", { headers: retryAfter(1000) });
}

/** The problem of a body that is too long. */
export function bodyTooLarge(maxBytes: number): ProblemError {
  return new ProblemError("body_too_large", `The body must have at most ${maxBytes} bytes`);
}

/** The problem of a body that breaks off: the client has stopped sending, which is not a fault of the server. */
export function bodyBroken(cause: unknown): ProblemError {
  return new ProblemError("invalid_request", "The body is incomplete", { cause });
}

/** Headers that tell when to retry, in whole seconds, at least 1. */
export function retryAfter(ms: number): Readonly<Record<string, string>> {
  return { "Retry-After": `${Math.max(1, Math.ceil(ms / 1000))}` };
}
