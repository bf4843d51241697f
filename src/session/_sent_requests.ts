// This module is browser compatible.
import { stringAt, type WireEvent } from "../_internal/wire.ts";
import type { ResponseConfig } from "../protocol/mod.ts";
import { responseKeyOf } from "./_response_key.ts";
import type { ResponseRecord } from "./_response_record.ts";

/** A response that was asked for. */
export interface ResponseRequest {
  /** Its record, which the caller holds. */
  readonly record: ResponseRecord;
  /** What the caller wants. */
  readonly config: ResponseConfig;
  /** What the server tells back with the response. */
  readonly key: string;
  /** Id of the `response.create`. */
  readonly eventId: string;
  /** Whether it continues after tool outputs. */
  readonly isFollowUp: boolean;
  /** Ends the waiting for `response.created`. */
  cancelTimer: () => void;
}

/** The requests that were sent and that the server has not created yet, in the order of sending. */
export class SentRequests {
  readonly #requests = new Map<string, ResponseRequest>();
  #serverEchoesMetadata: boolean;
  #turnCommitted = false;

  /** Starts empty; `serverEchoesMetadata` says whether that is known beforehand. */
  constructor(serverEchoesMetadata: boolean) {
    this.#serverEchoesMetadata = serverEchoesMetadata;
  }

  /** Adds one that is being sent. */
  add(request: ResponseRequest): void {
    this.#requests.set(request.key, request);
    this.#turnCommitted = false;
  }

  /** Takes one out. */
  delete(request: ResponseRequest): void {
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

  /**
   * The request that a `response.created` answers: the one whose key it has, or the oldest on a server that echoes no
   * metadata, unless a turn of the user has been waiting for an answer since.
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
    return [...this.#requests.values()].find(({ record }) => record.state === "sent");
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
