// This module is browser compatible.
import { apiHeaders, type ApiTarget, withoutKey } from "../_internal/api_target.ts";
import { causesOf, codeSuffix } from "../_internal/wire.ts";
import { ConnectionError, type RealtimeApiError } from "../errors.ts";
import { apiFailure } from "./api_failure.ts";
import { readText } from "./read_body.ts";
import { shouldRetry } from "./retry_after.ts";
import type { RestCall, Wanted } from "./rest_call.ts";

/**
 * Limit of a response in bytes: 4 MiB. The longest response is that to a client secret, which repeats all settings of
 * the session.
 */
const MAX_ANSWER_BYTES = 4_194_304;

/** Dependencies of {@linkcode attempt}. */
export interface AttemptOptions {
  /** Returns the address of a path below the base URL. */
  readonly addressOf: (path: string) => string;
  /** The API and the credentials. */
  readonly target: ApiTarget;
  /** Makes the request. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Ends the request when aborted. */
  readonly signal: AbortSignal;
}

/** An attempt that failed, and whose repetition may succeed. */
interface Failure {
  /** The attempt failed. */
  readonly ok: false;
  /** The reason for the failure. */
  readonly error: ConnectionError | RealtimeApiError;
  /** Whether it is certain that the request had no effect, or the server itself asks for a repetition. */
  readonly isRefusal: boolean;
}

/** How an attempt ended. */
type Outcome<T> = { readonly ok: true; readonly value: T } | Failure;

/** The parts of a request that an error may mention. */
interface Sent {
  /** The action; completes the sentence "Cannot …". */
  readonly action: string;
  /** Address of the request. */
  readonly url: string;
  /** Removes the credential from a text. */
  readonly withoutKey: (text: string) => string;
}

/**
 * Makes a call once.
 *
 * @throws {ConnectionError} of kind `configuration` when there is no key.
 * @throws {RealtimeApiError} when the API rejects the call permanently, or its response is not the expected one.
 */
export async function attempt<T>(
  call: RestCall<T>,
  { addressOf, target, fetch, signal }: AttemptOptions,
): Promise<Outcome<T>> {
  const { action, body, method = "POST", path, wanted } = call;
  const url = addressOf(path);
  const headers = await apiHeaders(target, action);
  headers["Accept"] = wanted.type;
  signal.throwIfAborted();
  if (body) headers["Content-Type"] = body.type;
  const sent: Sent = { action, url, withoutKey: (text) => withoutKey(text, new Headers(headers)) };

  let response: Response | undefined;
  let text: string | undefined;
  try {
    // A redirect is not followed: it could carry the key to another host.
    response = await fetch(url, { method, headers, body: body?.text ?? null, redirect: "manual", signal });
    if (wanted.take && response.ok) return { ok: true, value: wanted.take(response) };
    text = await readText(response, MAX_ANSWER_BYTES);
  } catch (error) {
    signal.throwIfAborted();
    // A rejection counts even if its body cannot be read.
    if (!response || response.ok) return { ok: false, error: lost(sent, response, error), isRefusal: false };
  }
  return toOutcome(wanted, sent, response, text);
}

function lost({ action, url, withoutKey }: Sent, response: Response | undefined, error: unknown): ConnectionError {
  const { host } = new URL(url);
  const event = response ? `the answer from ${host} broke off` : `there was no answer from ${host}`;
  // Node puts the details into the causes.
  const words = causesOf(error).join(": ");
  return new ConnectionError(`Cannot ${action} as ${event}${codeSuffix(error)}`, {
    kind: response ? "closed" : "unreachable",
    url,
    status: response?.status,
    cause: withoutKey(words) === words ? error : new Error(withoutKey(words)),
  });
}

function toOutcome<T>(wanted: Wanted<T>, sent: Sent, response: Response, text: string | undefined): Outcome<T> {
  const { headers, ok, status } = response;
  const fail = (complaint: string) => apiFailure(response, { ...sent, text: text ?? "", complaint });
  if (!ok) {
    const error = fail(`the server answered with status ${status}`);
    const isAskedFor = shouldRetry(headers);
    if (isUsedUp(error) || !(isAskedFor ?? isTransient(status))) throw error;
    return { ok: false, error, isRefusal: isAskedFor ?? status === 429 };
  }
  if (text === undefined) throw fail(`the answer has more than ${MAX_ANSWER_BYTES} bytes`);
  const value = wanted.read({ url: sent.url, headers, text });
  if (value !== undefined) return { ok: true, value };
  throw fail(`the answer is not ${wanted.name}: its type is ${headers.get("content-type") ?? "not given"}`);
}

function isUsedUp({ code, type }: RealtimeApiError): boolean {
  return code === "insufficient_quota" || type === "insufficient_quota";
}

function isTransient(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}
