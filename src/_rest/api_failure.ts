// This module is browser compatible.
import { stringAt } from "../_internal/wire.ts";
import { RealtimeApiError } from "../errors.ts";
import { parseJson } from "../_internal/text/parse_json.ts";
import { retryAfterMs } from "./retry_after.ts";

/** Number of characters that a message quotes from a response that is not in the API's format. */
const MAX_QUOTED = 200;

/**
 * Converts a response to an error: with the API's own message if there is one, otherwise with ours.
 *
 * @param text body of the response, as far as it arrived.
 * @param message our message.
 * @param strip removes the credential from a text.
 */
export function apiFailure(
  { headers, ok, status }: Response,
  text: string,
  message: string,
  strip: (text: string) => string,
): RealtimeApiError {
  // Some servers escape characters of an encoded key, which can be recognized only after parsing.
  const body = parseJson(text, (_name, value) => typeof value === "string" ? strip(value) : value);
  // A successful response may contain a secret, and a page of HTML explains nothing.
  const isQuoted = !ok && !headers.get("content-type")?.includes("html");
  const words = isQuoted ? strip(text).replaceAll(/\s+/g, " ").trim().slice(0, MAX_QUOTED) : "";
  const said = (name: string) => stringAt(body, "error", name);
  return new RealtimeApiError(
    said("message") || stringAt(body, "error") || (words ? `${message}: ${words}` : message),
    {
      type: said("type"),
      code: said("code") ?? stringAt(body, "code"),
      param: said("param"),
      status,
      requestId: headers.get("x-request-id") ?? undefined,
      retryAfterMs: retryAfterMs(headers),
    },
  );
}
