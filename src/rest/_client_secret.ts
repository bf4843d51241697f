// This module is browser compatible.
import { at, isRecord, numberAt, stringAt } from "../_internal/wire.ts";
import type { ClientSecretResponse, TranslationClientSecretResponse } from "../protocol/rest/rest_bodies.ts";
import { parseJson } from "../_internal/text/parse_json.ts";
import type { Wanted } from "../_rest/rest_call.ts";

/**
 * A client secret. Its three fields are checked, but not the session: the API extends it without notice, and other
 * servers omit fields.
 */
export function clientSecretAnswer<T extends ClientSecretResponse | TranslationClientSecretResponse>(): Wanted<T> {
  return {
    name: "a client secret",
    type: "application/json",
    read: ({ text }) => {
      const body = parseJson(text);
      const isSecret = stringAt(body, "value") && numberAt(body, "expires_at") && isRecord(at(body, "session"));
      return isSecret ? body as T : undefined;
    },
  };
}
