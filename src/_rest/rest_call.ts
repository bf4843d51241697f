// This module is browser compatible.

/** A successful answer, read to its end. */
export interface Answer {
  /** Address that was asked. */
  readonly url: string;
  /** Headers of the answer. */
  readonly headers: Headers;
  /** Body of the answer. */
  readonly text: string;
}

/** What an answer has to be. */
export interface Wanted<T> {
  /** The same in words, to complete the sentence "The answer is not …". */
  readonly name: string;
  /** Media type, for the header `Accept`. Answers of any type are taken. */
  readonly type: string;
  /** Makes the result of an answer that was not read; in place of {@linkcode read}. */
  readonly take?: (response: Response) => T;
  /** Makes the result of an answer; gives `undefined` when it is not what is wanted. */
  readonly read: (answer: Answer) => T | undefined;
}

/** What is sent. */
export interface RestBody {
  /** Media type, for the header `Content-Type`. */
  readonly type: string;
  /** Content. */
  readonly text: string;
}

/** One of the calls of the API, with everything but the key. */
export interface RestCall<T> {
  /** What is done, to complete the sentence "Cannot …" in messages. */
  readonly action: string;
  /**
   * HTTP method.
   *
   * @default {"POST"}
   */
  readonly method?: "GET" | "POST";
  /** Path below the base URL, e.g. `/realtime/calls`. */
  readonly path: string;
  /** What is sent; absent for nothing. */
  readonly body?: RestBody | undefined;
  /** What has to come back. */
  readonly wanted: Wanted<T>;
  /** Whether the call can safely be repeated when its outcome is unknown. */
  readonly isRepeatable: boolean;
  /**
   * Whether it is made once only, whatever the answer.
   *
   * @default {false}
   */
  readonly isMadeOnce?: boolean;
}

/** For calls of whose answer only the status counts. */
export const ANY_ANSWER: Wanted<true> = { name: "an answer", type: "*/*", read: () => true };

/** A body in JSON. */
export function jsonBody(value: unknown): RestBody {
  return { type: "application/json", text: JSON.stringify(value) };
}
