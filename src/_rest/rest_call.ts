// This module is browser compatible.

/** A successful response, read to its end. */
export interface Answer {
  /** Headers of the response. */
  readonly headers: Headers;
  /** Body of the response. */
  readonly text: string;
}

/** The expected form of a response. */
export interface Wanted<T> {
  /** The form in words; completes the sentence "The answer is not …". */
  readonly name: string;
  /** Media type, for the header `Accept`. Responses of any type are accepted. */
  readonly type: string;
  /** Creates the result from a response whose body was not read; takes the place of {@linkcode read}. */
  readonly take?: (response: Response) => T;
  /** Creates the result from a response; returns `undefined` when it is not the expected one. */
  readonly read?: (answer: Answer) => T | undefined;
}

/** The body of a request. */
export interface RestBody {
  /** Media type, for the header `Content-Type`. */
  readonly type: string;
  /** Content. */
  readonly text: string;
}

/** A call of the API, with everything except the key. */
export interface RestCall<T> {
  /** The action; completes the sentence "Cannot …" in messages. */
  readonly action: string;
  /**
   * HTTP method.
   *
   * @default {"POST"}
   */
  readonly method?: "GET" | "POST";
  /** Path below the base URL, e.g. `/realtime/calls`. */
  readonly path: string;
  /** The body; absent for none. */
  readonly body?: RestBody | undefined;
  /** The expected response. */
  readonly wanted: Wanted<T>;
  /** Whether the call can safely be repeated when its outcome is unknown. */
  readonly isRepeatable: boolean;
  /**
   * Whether the call is never repeated, whatever the response.
   *
   * @default {false}
   */
  readonly isMadeOnce?: boolean;
}

/** For calls of which only the status matters: the body may break off or never end. */
export const ANY_ANSWER: Wanted<true> = {
  name: "an answer",
  type: "*/*",
  take({ body }) {
    body?.cancel().catch(() => {});
    return true;
  },
};

/** Creates a JSON body. */
export function jsonBody(value: unknown): RestBody {
  return { type: "application/json", text: JSON.stringify(value) };
}
