// This module is browser compatible.
import { apiHeaders, apiUrl, withoutKey } from "../_internal/api_target.ts";
import { causesOf, codeSuffix } from "../_internal/wire.ts";
import { ConnectionError, type RealtimeApiError } from "../errors.ts";
import { apiFailure } from "./api_failure.ts";
import type { RestClientOptions } from "./client_options.ts";
import { readText } from "./read_text.ts";
import type { RestCall } from "./rest_call.ts";

/**
 * Limit of a response in characters: 4 Mi. The longest response is that to a client secret, which repeats all settings
 * of the session.
 */
const MAX_ANSWER_CHARACTERS = 4_194_304;

/** Options of {@linkcode attempt}. */
export interface AttemptOptions extends RestClientOptions {
  /** Ends the request when aborted. */
  readonly signal: AbortSignal;
}

/** An attempt that failed, and whose repetition may succeed. */
interface Failure {
  /** The reason for the failure, and the pause that the server requests. */
  readonly error: (ConnectionError | RealtimeApiError) & { readonly retryAfterMs?: number | undefined };
  /** Whether it is certain that the request had no effect, or the server itself asks for a repetition. */
  readonly isRefusal: boolean;
}

/** How an attempt ended. */
type Outcome<T> = { readonly value: T; readonly error?: undefined } | Failure;

/**
 * Makes a call once.
 *
 * @throws {ConnectionError} of kind `configuration` when there is no key.
 * @throws {RealtimeApiError} when the API rejects the call permanently, or its response is not the expected one.
 */
export async function attempt<T>(call: RestCall<T>, options: AttemptOptions): Promise<Outcome<T>> {
  const { action, body, method = "POST", path, wanted } = call;
  const { fetch = globalThis.fetch, signal } = options;
  const { host, href: url } = apiUrl(options, path, action);
  signal.throwIfAborted();
  const headers = await apiHeaders(options, action);
  signal.throwIfAborted();
  headers["Accept"] = wanted.type;
  if (body) headers["Content-Type"] = body.type;
  const strip = (text: string) => withoutKey(text, new Headers(headers));

  let response: Response | undefined;
  let text = "";
  try {
    // A redirect is not followed: it could carry the key to another host.
    response = await fetch(url, { method, headers, body: body?.text ?? null, redirect: "manual", signal });
    if (wanted.take && response.ok) return { value: wanted.take(response) };
    text = await readText(response, MAX_ANSWER_CHARACTERS + 1);
  } catch (error) {
    signal.throwIfAborted();
    // A rejection counts even if its body cannot be read.
    if (!response || response.ok) {
      const event = response ? `the answer from ${host} broke off` : `there was no answer from ${host}`;
      // Node puts the details into the causes.
      const words = causesOf(error).join(": ");
      const lost = new ConnectionError(`Cannot ${action} as ${event}${codeSuffix(error)}`, {
        kind: response ? "closed" : "unreachable",
        url,
        status: response?.status,
        cause: strip(words) === words ? error : new Error(strip(words)),
      });
      return { error: lost, isRefusal: false };
    }
  }
  const { headers: answered, ok, status } = response;
  const isComplete = text.length <= MAX_ANSWER_CHARACTERS;
  const value = ok && isComplete ? wanted.read!({ headers: answered, text }) : undefined;
  if (value !== undefined) return { value };
  const fault = !ok
    ? `the server answered with status ${status}`
    : isComplete
    ? `the answer is not ${wanted.name}: its type is ${answered.get("content-type") ?? "not given"}`
    : `the answer has more than ${MAX_ANSWER_CHARACTERS} characters`;
  const error = apiFailure(response, text, `Cannot ${action} as ${fault}`, strip);
  const isUsedUp = [error.code, error.type].includes("insufficient_quota");
  const advice = answered.get("x-should-retry");
  const isOpen = advice !== "false";
  const isRefusal = advice === "true" || (isOpen && status === 429);
  const isWorthRetrying = isRefusal || (isOpen && (status === 408 || status >= 500));
  if (ok || isUsedUp || !isWorthRetrying) throw error;
  return { error, isRefusal };
}
