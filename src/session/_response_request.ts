// This module is browser compatible.
import type { ResponseConfig } from "../protocol/mod.ts";
import type { ResponseRecord } from "./_response_record.ts";

/** A response that was asked for. */
export interface ResponseRequest {
  /** Its record, which the caller holds. */
  readonly record: ResponseRecord;
  /** What the caller wants. */
  readonly config: ResponseConfig;
  /** How long the server may take to create it, in milliseconds. */
  readonly timeoutMs: number;
  /** What the server tells back with the response. */
  readonly key: string;
  /** Id of the `response.create`. */
  readonly eventId: string;
  /** Whether it continues after tool outputs. */
  readonly isFollowUp: boolean;
  /** Ends the waiting for `response.created`. */
  cancelTimer: () => void;
}

/** What a response hands on to the one that continues it: how it is made, not what it was made of. */
export function mannerOf(config: ResponseConfig): ResponseConfig {
  const { conversation: _conversation, input: _input, metadata: _metadata, tool_choice: _choice, ...manner } = config;
  return manner;
}
