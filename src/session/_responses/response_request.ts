// This module is browser compatible.
import type { ResponseConfig } from "../../protocol/mod.ts";
import type { ResponseRecord } from "./response_record.ts";

/**
 * Who wants a response: the application, or the session itself: the response that continues after tool outputs, and a few
 * words while a tool runs. What the session wants is void after an interruption.
 */
export type ResponsePurpose = "asked" | "followUp" | "filler";

/** A response that was requested and that the server has not created yet. */
export interface ResponseRequest {
  /** Its record, which the caller holds. */
  readonly record: ResponseRecord;
  /** What the caller wants. */
  readonly config: ResponseConfig;
  /** Who wants it. */
  readonly purpose: ResponsePurpose;
  /** How long the server may take to create it, in milliseconds. */
  readonly timeoutMs: number;
  /** Correlation id, which the server echoes in the response's metadata. */
  readonly key: string;
  /** Id of the `response.create`. */
  readonly eventId: string;
  /** Whether the response is to be cancelled as soon as the server creates it. */
  isCancelled: boolean;
  /** When it was first refused because the slot was taken by a response that we have not seen. */
  refusedAt: number | undefined;
  /** Ends the waiting for `response.created`. */
  cancelTimer: () => void;
}

/** Whether the session itself wants the response. */
export function isOwn({ purpose }: ResponseRequest): boolean {
  return purpose !== "asked";
}

/** Whether the response reads, and answers, what was added to the conversation. */
export function readsConversation({ config, purpose, record }: ResponseRequest): boolean {
  return record.inConversation && purpose !== "filler" && config.input === undefined;
}

/** Whether a caller still waits for the response. */
export function isAwaited({ isCancelled, record }: ResponseRequest): boolean {
  return !isCancelled && !record.isEnded;
}
