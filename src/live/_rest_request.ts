// This module is browser compatible.
import { apiHeaders, type ApiTarget, withoutKey } from "../_internal/api_target.ts";
import type { Clock } from "../_internal/clock.ts";
import { at, isRecord, toApiError } from "../_internal/wire.ts";
import { ConnectionError, RealtimeApiError } from "../errors.ts";

/** Longest pause before the first repetition, in milliseconds; it doubles with each one, up to 8 s. */
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 8_000;

/** Most characters of an answer in other than the API's form that a message quotes. */
const MAX_QUOTED = 200;

/** One request of the Live API. */
export interface LiveRestRequest {
  /** What is done, to complete the sentence "Cannot …". */
  readonly action: string;
  /** HTTP method. */
  readonly method: "GET" | "POST";
  /** Address. */
  readonly url: string;
  /** Body, which is sent as JSON. */
  readonly body?: unknown;
  /** Whether it does no harm to make the request again. */
  readonly isRepeatable: boolean;
}

/** What a request takes from its environment. */
export interface LiveRestEnvironment {
  /** Who asks. */
  readonly target: ApiTarget;
  /** Makes the request. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Most repetitions. */
  readonly maxRetries: number;
  /** Ends the request when aborted. */
  readonly signal: AbortSignal;
  /** Source of time. */
  readonly clock: Clock;
}

/** Makes a request, again where that is worth trying and does no harm. Resolves with a successful answer, unread. */
export async function requestLive(request: LiveRestRequest, environment: LiveRestEnvironment): Promise<Response> {
  const { clock, maxRetries, signal } = environment;
  for (let retries = 0;; retries++) {
    const outcome = await attempt(request, environment);
    if (outcome instanceof Response) return outcome;
    const { error, pauseMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** retries) * (0.5 + Math.random() / 2) } =
      outcome;
    if (!request.isRepeatable || !outcome.isPassing || retries >= maxRetries) throw error;
    await pause(pauseMs, clock, signal);
  }
}

interface Failure {
  readonly error: Error;
  /** Whether the next attempt may succeed. */
  readonly isPassing: boolean;
  /** Pause that the server asks for. */
  readonly pauseMs?: number | undefined;
}

async function attempt(
  { action, body, method, url }: LiveRestRequest,
  { fetch, signal, target }: LiveRestEnvironment,
): Promise<Response | Failure> {
  const headers = await apiHeaders({ ...target, safetyIdentifier: undefined }, action);
  signal.throwIfAborted();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const init = { method, headers, body: body === undefined ? null : JSON.stringify(body) };
  let response: Response;
  try {
    // A redirect is not followed: it could carry the key to another host.
    response = await fetch(url, { ...init, redirect: "manual", signal });
  } catch (cause) {
    signal.throwIfAborted();
    const message = `Cannot ${action} as there was no answer from ${new URL(url).host}`;
    return { error: new ConnectionError(message, { kind: "unreachable", url, cause }), isPassing: true };
  }
  if (response.ok) return response;
  const text = withoutKey(await response.text().catch(() => ""), new Headers(headers));
  const { status } = response;
  const seconds = Number(response.headers.get("retry-after") ?? NaN);
  return {
    error: refusal(action, response, text),
    isPassing: status === 408 || status === 429 || status >= 500,
    pauseMs: seconds >= 0 ? seconds * 1_000 : undefined,
  };
}

/** The error in the API's own words, when it has some. */
function refusal(action: string, { headers, status }: Response, text: string): RealtimeApiError {
  const requestId = headers.get("x-request-id") ?? undefined;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // It is quoted instead.
  }
  if (isRecord(at(body, "error"))) {
    const { code, message, param, type } = toApiError(body);
    return new RealtimeApiError(message, { code, param, type, status, requestId });
  }
  const words = text.replaceAll(/\s+/g, " ").trim().slice(0, MAX_QUOTED);
  const message = `Cannot ${action} as the answer has status ${status}${words && `: ${words}`}`;
  return new RealtimeApiError(message, { status, requestId });
}

function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.schedule(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}
