// This module is browser compatible.
import type { ResponseCreateEvent } from "../../protocol/mod.ts";
import type { RespondOptions } from "../command_options.ts";
import type { ResponsePurpose } from "./response_request.ts";

/** Time that the server has to begin its answer to a turn of the user, in milliseconds. */
export const TURN_ANSWER_MS = 2000;

/** The connection as the scheduler needs it. */
export interface ResponseLine {
  /** Whether requests are sent to the server rather than held. */
  readonly isOpen: boolean;
  /** Whether the server answers turns of the user by itself; `undefined` when unknown. */
  readonly answersTurns: boolean | undefined;
  /** Sends a `response.create`; throws when the event is rejected or the connection has ended. */
  sendRequest(event: ResponseCreateEvent): void;
  /** Cancels a response that the server has created; resolves when it has ended, or was no longer active. */
  cancelResponse(responseId: string | undefined): Promise<void>;
}

/** Options of a request. */
export interface RequestOptions extends RespondOptions {
  /** The origin of the request; by default the application. */
  purpose?: ResponsePurpose | undefined;
  /** Number of tool rounds that led to it; 0 by default. */
  toolRound?: number | undefined;
}
