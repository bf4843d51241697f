// This module is browser compatible.
import { at, isRecord, stringAt, toApiError } from "../_internal/wire.ts";
import { RealtimeApiError } from "../errors.ts";
import { parseJson } from "./parse_json.ts";
import { retryAfterMs } from "./retry_after.ts";

/** Number of characters that a message quotes from a response that is not in the API's format. */
const MAX_QUOTED = 200;

/** Options of {@linkcode apiFailure}. */
interface ApiFailureOptions {
  /** The action; completes the sentence "Cannot …". */
  readonly action: string;
  /** Body of the response, as far as it arrived. */
  readonly text: string;
  /** The fault of the response, in case that it does not name it itself. */
  readonly complaint: string;
  /** Removes the credential from a text. */
  readonly withoutKey: (text: string) => string;
}

/** Converts a response to an error: with the API's own message if there is one, otherwise with ours. */
export function apiFailure(
  { headers, ok, status }: Response,
  { action, text, complaint, withoutKey }: ApiFailureOptions,
): RealtimeApiError {
  const origin = {
    status,
    requestId: headers.get("x-request-id") ?? undefined,
    retryAfterMs: retryAfterMs(headers),
  };
  const body = parseJson(text, withoutKey);
  const error = at(body, "error");
  if (isRecord(error)) {
    const { message, type, code, param } = toApiError(body);
    return new RealtimeApiError(message, { type, code, param, ...origin });
  }
  if (typeof error === "string") return new RealtimeApiError(error, { code: stringAt(body, "code"), ...origin });
  // A successful response may contain a secret, and a page of HTML explains nothing.
  const isQuoted = !ok && !headers.get("content-type")?.includes("html");
  const words = isQuoted ? withoutKey(text).replaceAll(/\s+/g, " ").trim().slice(0, MAX_QUOTED) : "";
  return new RealtimeApiError(`Cannot ${action} as ${complaint}${words && `: ${words}`}`, origin);
}
