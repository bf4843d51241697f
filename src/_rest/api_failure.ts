// This module is browser compatible.
import { at, isRecord, stringAt, toApiError } from "../_internal/wire.ts";
import { RealtimeApiError } from "../errors.ts";
import { parseJson } from "./parse_json.ts";
import { retryAfterMs } from "./retry_after.ts";

/** Most characters of an answer in other than the API's form that a message quotes. */
const MAX_QUOTED = 200;

/** What {@linkcode apiFailure} needs to know. */
interface ApiFailureOptions {
  /** What was done, to complete the sentence "Cannot …". */
  readonly action: string;
  /** Body of the answer, or of as much of it as came. */
  readonly text: string;
  /** What is wrong with the answer, for the case that it does not say so itself. */
  readonly complaint: string;
  /** Takes the credential out of a text. */
  readonly withoutKey: (text: string) => string;
}

/** The error that an answer stands for: in the API's own words when it has some, in ours otherwise. */
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
  // A successful answer may hold a secret, and a page of HTML explains nothing.
  const isQuoted = !ok && !headers.get("content-type")?.includes("html");
  const words = isQuoted ? withoutKey(text).replaceAll(/\s+/g, " ").trim().slice(0, MAX_QUOTED) : "";
  return new RealtimeApiError(`Cannot ${action} as ${complaint}${words && `: ${words}`}`, origin);
}
