// This module is browser compatible.
import type { ResponseConfig } from "../../protocol/mod.ts";
import type { ResponseRecord } from "./response_record.ts";

/**
 * The origin of a request: the application, or the session itself, for the response that continues after tool outputs,
 * and for a few words while a tool runs. Requests of the session are void after an interruption.
 */
export type ResponsePurpose = "asked" | "followUp" | "filler";

/** A requested response that the server has not created yet. */
export interface ResponseRequest {
  /** Its record, which the caller holds. */
  readonly record: ResponseRecord;
  /** The requested configuration. */
  readonly config: ResponseConfig;
  /** The origin of the request. */
  readonly purpose: ResponsePurpose;
  /** Time that the server has to create it, in milliseconds. */
  readonly timeoutMs: number;
  /** Id of the `response.create`; also the correlation id, which the server echoes in the response's metadata. */
  readonly eventId: string;
  /** Whether the response is to be cancelled as soon as the server creates it. */
  isCancelled: boolean;
  /** Time of the first rejection because the slot was taken by an unknown response. */
  refusedAt: number | undefined;
  /** Stops waiting for `response.created`. */
  cancelTimer: () => void;
}

/** Whether the session itself requested the response. */
export function isOwn({ purpose }: ResponseRequest): boolean {
  return purpose !== "asked";
}

/** Whether the response reads, and answers, items added to the conversation. */
export function readsConversation({ config, purpose, record }: ResponseRequest): boolean {
  return record.inConversation && purpose !== "filler" && config.input === undefined;
}

/** Whether a caller still waits for the response. */
export function isAwaited({ isCancelled, record }: ResponseRequest): boolean {
  return !isCancelled && !record.isEnded;
}
