import { ConnectionError, RealtimeApiError } from "../../errors.ts";
import { isIn } from "../_policy/field_path.ts";
import { numberAt } from "../../_internal/wire.ts";
import { ProblemError, retryAfter, timedOut } from "./problem_error.ts";

/** Default of `Retry-After` when the API sends none, in milliseconds. */
const DEFAULT_RETRY_MS = 5_000;

/** Maximum length of an API message that is passed on, in characters. */
const MAX_MESSAGE = 300;

/**
 * The problem for a page when a request to the API failed. The API's message is passed on only if it concerns a value
 * that the page itself has sent: others may concern the policy, the account or the key.
 */
export function upstreamProblem(error: unknown, pagesFields: readonly string[] = []): unknown {
  if (error instanceof RealtimeApiError) return apiProblem(error, pagesFields);
  if (error instanceof ConnectionError && error.kind !== "configuration") {
    return new ProblemError("upstream_unreachable", "The voice service does not respond", { cause: error });
  }
  if (error instanceof DOMException && (error.name === "TimeoutError" || error.name === "AbortError")) {
    return timedOut(error);
  }
  return error;
}

function apiProblem(error: RealtimeApiError, pagesFields: readonly string[]): ProblemError {
  const { code, message, param, status, type } = error;
  if (status === 400 && param !== undefined && isIn(param.replace(/^session\./, ""), pagesFields)) {
    return new ProblemError("invalid_override", message.slice(0, MAX_MESSAGE), { param });
  }
  if (status === 400 && (param === "sdp" || /sdp|offer/.test(code ?? ""))) {
    return new ProblemError("invalid_sdp", "The voice service does not accept this offer");
  }
  const isLimited = status === 429 && code !== "insufficient_quota" && type !== "insufficient_quota";
  const askedMs = numberAt(error, "retryAfterMs");
  // An overloaded server also says when to return.
  if (isLimited || (status ?? 0) >= 500 && askedMs > 0) {
    const headers = retryAfter(askedMs || DEFAULT_RETRY_MS);
    return new ProblemError("upstream_busy", "The voice service is busy: try again later", {
      cause: error,
      headers,
    });
  }
  return new ProblemError("upstream_refused", "The voice service is not available", { cause: error });
}
