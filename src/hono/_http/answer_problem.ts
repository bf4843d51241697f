import { HTTPException } from "hono/http-exception";
import { markedCopy } from "./marks.ts";
import { ProblemError } from "./problem_error.ts";
import { stateOf } from "../_app/request_state.ts";
import type { Settings } from "../_app/settings.ts";
import type { Emit } from "../_events/emitter.ts";
import type { Problem } from "../problem.ts";
import type { RealtimeContext } from "../realtime_env.ts";

/** Listeners of failures. */
interface FailureListeners {
  /** Emits every problem to the host. */
  readonly emit: Emit;
  /** Reports the cause of server errors to the host. */
  readonly onError: Settings["onError"];
}

/** First status of server errors. */
const SERVER_ERROR = 500;

/**
 * Answers a failed request. An unexpected error is reported to the server, and not disclosed to the page. A function of
 * the host may throw Hono's own `HTTPException`, whose response is sent unchanged.
 */
export function answerFailure(error: unknown, c: RealtimeContext, { emit, onError }: FailureListeners): Response {
  if (error instanceof HTTPException && !(error instanceof ProblemError)) return markedCopy(error.getResponse(), c);
  const refusal = error instanceof ProblemError
    ? error
    : new ProblemError("internal_error", "The server failed", { cause: error });
  const { code, param, status } = refusal;
  // The host itself closes the app.
  if (status >= SERVER_ERROR && code !== "shutting_down") onError(refusal.cause ?? refusal, c);
  stateOf(c).problem = code;
  const path = new URL(c.req.url).pathname;
  emit({ type: "refused", method: c.req.method, path, status, code, param }, c);
  return answerProblem(refusal, c);
}

/** Creates the response for a problem. */
export function answerProblem({ code, headers, message, param, status }: ProblemError, c: RealtimeContext): Response {
  const type = status >= SERVER_ERROR ? "server_error" : "invalid_request_error";
  const request_id = c.get("requestId") ?? crypto.randomUUID();
  const problem: Problem = { error: { type, code, message, param: param ?? null, request_id } };
  return c.json(problem, status, headers);
}
