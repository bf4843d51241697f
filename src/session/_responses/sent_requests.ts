// This module is browser compatible.
import { LazyMap } from "../../_internal/lazy_collections.ts";
import { at, type WireEvent } from "../../_internal/wire.ts";
import { correlationIdOf } from "./correlation.ts";
import type { ResponseRequest } from "./response_request.ts";

/** The sent requests whose responses the server has not created yet, in the order of sending. */
export class SentRequests {
  readonly #byId = new LazyMap<string, ResponseRequest>();
  #echoesMetadata: boolean;

  /** `echoesMetadata` means that the server is known to echo metadata; this is also inferred from its events. */
  constructor(echoesMetadata: boolean) {
    this.#echoesMetadata = echoesMetadata;
  }

  /** All of them. */
  get all(): readonly ResponseRequest[] {
    return [...this.#byId.values()];
  }

  /** Number of requests that a caller still waits for. */
  get pending(): number {
    return this.all.filter(({ record }) => !record.isEnded).length;
  }

  /** Adds a request. */
  add(request: ResponseRequest): void {
    this.#byId.set(request.eventId, request);
  }

  /** Removes an answered request. */
  delete(request: ResponseRequest): void {
    request.cancelTimer();
    this.#byId.delete(request.eventId);
  }

  /** Removes all of them. */
  clear(): readonly ResponseRequest[] {
    const requests = this.all;
    for (const request of requests) this.delete(request);
    return requests;
  }

  /**
   * The request that the first event of a response belongs to: the one with its correlation id. A server that does not
   * echo metadata answers the oldest of its kind, unless it may be answering a turn of the user.
   */
  matching(event: WireEvent, mayAnswerTurn: boolean): ResponseRequest | undefined {
    const id = correlationIdOf(event);
    if (id !== undefined) {
      if (event.type === "response.created") this.#echoesMetadata = true;
      return this.#byId.get(id);
    }
    if (this.#echoesMetadata || mayAnswerTurn) return undefined;
    const conversation = at(event.response, "conversation_id");
    const fits = ({ record }: ResponseRequest) =>
      conversation === undefined || record.inConversation === (conversation !== null);
    // The response to an abandoned request arrives late, if at all.
    return this.all.find((request) => fits(request) && !request.record.isEnded) ?? this.all.find(fits);
  }
}
