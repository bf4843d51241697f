// This module is browser compatible.
import type { IdGenerator } from "../_internal/ids.ts";
import type { ResponseRecord } from "./_response_record.ts";
import type { SentRequestsOptions } from "./_sent_requests.ts";

/** What the scheduler needs of its surroundings. */
export interface ResponseSchedulerOptions extends SentRequestsOptions {
  /** Cancels a response that the server has created; resolves when it has ended, or was not active any more. */
  cancel(responseId: string | undefined): Promise<void>;
  /** Whether the server answers turns of the user of its own accord. */
  answersTurns(): boolean;
  /** Told of every response that the server has created. */
  onCreated(record: ResponseRecord): void;
  /** Told of a response that may be over: nothing has come of it for so long, or the next one has. */
  onMaybeOver(responseId: string | undefined): void;
  /** How long the server may take to create a response, in milliseconds. */
  ackTimeoutMs: number;
  /** Makes event ids and keys. */
  makeId: IdGenerator;
}
