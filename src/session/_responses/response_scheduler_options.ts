// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import type { IdGenerator } from "../../_internal/ids.ts";
import type { ResponseCreateEvent } from "../../protocol/mod.ts";
import type { RespondOptions } from "../command_options.ts";
import type { ResponseOrigin } from "../session_part.ts";
import type { ResponseRecord } from "./response_record.ts";
import type { ResponsePurpose } from "./response_request.ts";

/** How long the server may take to begin its answer to a turn of the user, in milliseconds. */
export const TURN_ANSWER_MS = 2000;

/** What the scheduler needs of its surroundings. */
export interface ResponseSchedulerOptions {
  /** Sends a `response.create`; throws when the event is refused or the connection has ended. */
  send(event: ResponseCreateEvent): void;
  /** Cancels a response that the server has created; resolves when it has ended, or was not active any more. */
  cancel(responseId: string | undefined): Promise<void>;
  /** Whether requests reach the server; they wait otherwise. */
  isOpen(): boolean;
  /** Whether the server answers turns of the user by itself; `undefined` when it did not tell. */
  answersTurns(): boolean | undefined;
  /** Whether a part takes the audio of the conversation as it comes. */
  isAudioTaken(): boolean;
  /** Called with every response that begins. */
  onBegin(record: ResponseRecord): void;
  /** Called when a response has ended of whose end the server does not tell. */
  onUnseenEnd(origin: ResponseOrigin): void;
  /** Called whenever something may have become idle. */
  onChange(): void;
  /** Whether others ask for responses, too; such servers are known to echo metadata. */
  isShared: boolean;
  /** How long the server may take to create a response, in milliseconds. */
  ackTimeoutMs: number;
  /** Source of time. */
  clock: Clock;
  /** Makes event ids and correlation ids. */
  makeId: IdGenerator;
}

/** How a response is requested. */
export interface RequestOptions extends RespondOptions {
  /** Who wants it; the application by default. */
  purpose?: ResponsePurpose | undefined;
  /** How many tool rounds led to it; 0 by default. */
  toolRound?: number | undefined;
}
