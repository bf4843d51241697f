// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import { at, stringAt, type WireEvent } from "../_internal/wire.ts";
import { ConnectionError } from "../errors.ts";
import type { ResponseCreateEvent } from "../protocol/mod.ts";
import { remember } from "../_internal/recent_ids.ts";
import { responseKeyOf, withResponseKey } from "./_response_key.ts";
import type { ResponseRequest } from "./_response_request.ts";
import type { ResponseOutcome } from "./response_handle.ts";

/** How many responses are remembered that are over, or not ours. */
const MAX_STRANGERS = 64;

/** What the requests need of their surroundings. */
export interface SentRequestsOptions {
  /** Sends a `response.create`; throws when the event is refused or the connection has ended. */
  send(event: ResponseCreateEvent): void;
  /** Whether others ask for responses, too; such servers are known to echo metadata. */
  isShared: boolean;
  /** Source of time. */
  clock: Clock;
}

/** The requests that were sent and that the server has not created yet, in the order of sending. */
export class SentRequests {
  readonly #options: SentRequestsOptions;
  readonly #requests = new Map<string, ResponseRequest>();
  readonly #strangers = new Set<string>();
  #serverEchoesMetadata: boolean;
  #turnCommitted = false;

  constructor(options: SentRequestsOptions) {
    this.#options = options;
    this.#serverEchoesMetadata = options.isShared;
  }

  /** Sends one; returns its outcome when it cannot be sent. `onTimeout` is called when it is not created in time. */
  send(request: ResponseRequest, onTimeout: () => void): ResponseOutcome | undefined {
    const { record, config, key, eventId } = request;
    record.state = "sent";
    this.#requests.set(key, request);
    this.#turnCommitted = false;
    try {
      this.#options.send({ type: "response.create", event_id: eventId, response: withResponseKey(config, key) });
    } catch (error) {
      // While the connection is being closed nobody knows yet how it ends: all are told then.
      if (error instanceof ConnectionError && !error.close) return;
      this.delete(request);
      if (error instanceof ConnectionError) return { status: "lost", cause: error };
      return { status: "failed", code: "not_sent", message: String(error), response: undefined };
    }
    request.cancelTimer = this.#options.clock.schedule(onTimeout, request.timeoutMs);
  }

  /** Takes one out: its answer is there. */
  delete(request: ResponseRequest): void {
    request.cancelTimer();
    this.#requests.delete(request.key);
  }

  /** All of them. */
  values(): Iterable<ResponseRequest> {
    return this.#requests.values();
  }

  /** Notes that the server ended a turn of the user, which it may answer of its own accord. */
  turnCommitted(): void {
    this.#turnCommitted = true;
  }

  /** Notes that a response is over, whatever is still to come of it. */
  over(responseId: string): void {
    remember(this.#strangers, responseId, MAX_STRANGERS);
  }

  /**
   * The request that a `response.created` answers: the one whose key it has, or the oldest of its kind on a server that
   * echoes no metadata, unless a turn of the user has been waiting for an answer since.
   */
  createdBy(event: WireEvent): ResponseRequest | undefined {
    if (responseKeyOf(event) !== undefined) {
      this.#serverEchoesMetadata = true;
      return this.doneBy(event);
    }
    if (this.#serverEchoesMetadata) return undefined;
    if (this.#turnCommitted) {
      this.#turnCommitted = false;
      return undefined;
    }
    const conversation = at(event, "response", "conversation_id");
    return [...this.#requests.values()].find(({ record }) =>
      record.state === "sent" && (conversation === undefined || record.inConversation === (conversation !== null))
    );
  }

  /**
   * The request that was sent for a response whose `response.created` was lost: the only one, unless somebody else may
   * have asked, or a turn of the user has been waiting for an answer since.
   */
  heardOf(responseId: string): ResponseRequest | undefined {
    const [request, other] = this.#requests.values();
    const isOurs = !this.#options.isShared && !this.#turnCommitted && !this.#strangers.has(responseId);
    if (isOurs && !other && request?.record.state === "sent") return request;
    this.over(responseId);
  }

  /** The request that a `response.done` ends, from a server that did not say that it created the response. */
  doneBy(event: WireEvent): ResponseRequest | undefined {
    return this.#requests.get(responseKeyOf(event) ?? "");
  }

  /** The request that an `error` refuses. */
  refusedBy(event: WireEvent): ResponseRequest | undefined {
    const id = stringAt(event, "error", "event_id");
    return [...this.#requests.values()].find(({ eventId }) => eventId === id);
  }
}
