// This module is browser compatible.
import type { ResponseCreateEvent } from "../../protocol/mod.ts";
import type { RespondOptions } from "../command_options.ts";
import type { ResponsePurpose } from "./response_request.ts";

/** How long the server may take to begin its answer to a turn of the user, in milliseconds. */
export const TURN_ANSWER_MS = 2000;

/** What the scheduler needs of its connection. */
export interface ResponseLine {
  /** Whether requests reach the server; they wait otherwise. */
  readonly isOpen: boolean;
  /** Whether the server answers turns of the user by itself; `undefined` when it did not tell. */
  readonly answersTurns: boolean | undefined;
  /** Sends a `response.create`; throws when the event is refused or the connection has ended. */
  sendRequest(event: ResponseCreateEvent): void;
  /** Cancels a response that the server has created; resolves when it has ended, or was not active any more. */
  cancelResponse(responseId: string | undefined): Promise<void>;
}

/** How a response is requested. */
export interface RequestOptions extends RespondOptions {
  /** Who wants it; the application by default. */
  purpose?: ResponsePurpose | undefined;
  /** How many tool rounds led to it; 0 by default. */
  toolRound?: number | undefined;
}
