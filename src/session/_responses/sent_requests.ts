// This module is browser compatible.
import { LazyMap } from "../../_internal/lazy_collections.ts";
import { at, type WireEvent } from "../../_internal/wire.ts";
import { correlationIdOf } from "./correlation.ts";
import type { ResponseRequest } from "./response_request.ts";

/** The requests that were sent and that the server has not created yet, in the order of sending. */
export class SentRequests {
  readonly #byKey = new LazyMap<string, ResponseRequest>();
  #echoesMetadata: boolean;

  /** `echoesMetadata` says that the server is known to echo metadata; it is also concluded from what arrives. */
  constructor(echoesMetadata: boolean) {
    this.#echoesMetadata = echoesMetadata;
  }

  /** All of them. */
  get all(): readonly ResponseRequest[] {
    return [...this.#byKey.values()];
  }

  /** How many there are that a caller still waits for. */
  get pending(): number {
    return this.all.filter(({ record }) => !record.isEnded).length;
  }

  /** Adds one. */
  add(request: ResponseRequest): void {
    this.#byKey.set(request.key, request);
  }

  /** Removes one: it has its answer. */
  delete(request: ResponseRequest): void {
    request.cancelTimer();
    this.#byKey.delete(request.key);
  }

  /** Removes all of them. */
  clear(): readonly ResponseRequest[] {
    const requests = this.all;
    for (const request of requests) this.delete(request);
    return requests;
  }

  /** The first that satisfies the condition. */
  find(condition: (request: ResponseRequest) => boolean): ResponseRequest | undefined {
    for (const request of this.#byKey.values()) if (condition(request)) return request;
    return undefined;
  }

  /**
   * The request that this event, the first about a response, belongs to: the one whose correlation id it has. A server
   * that does not echo metadata answers the oldest of its kind, unless it may be answering a turn of the user.
   */
  matching(event: WireEvent, mayAnswerTurn: boolean): ResponseRequest | undefined {
    const key = correlationIdOf(event);
    if (key !== undefined) {
      if (event.type === "response.created") this.#echoesMetadata = true;
      return this.#byKey.get(key);
    }
    if (this.#echoesMetadata || mayAnswerTurn) return undefined;
    const conversation = at(event, "response", "conversation_id");
    const fits = ({ record }: ResponseRequest) =>
      conversation === undefined || record.inConversation === (conversation !== null);
    // One that was given up comes late, if at all.
    return this.find((request) => fits(request) && !request.record.isEnded) ?? this.find(fits);
  }
}
