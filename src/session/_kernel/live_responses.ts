// This module is browser compatible.
import type { ResponseConfig } from "../../protocol/mod.ts";
import type { ResponseScheduler } from "../_responses/response_scheduler.ts";
import type { ResponseHandle } from "../response_handle.ts";
import type { ResponseOrigin, SessionResponses } from "../session_part.ts";

/** The owner of responses: the session, on any connection. */
interface Source {
  readonly connection: { readonly responses: ResponseScheduler };
}

/** The parts' view of the responses of a session. A class, as getters and closures of an object take memory. */
export class LiveResponses implements SessionResponses {
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  get isIdle(): boolean {
    return this.#now.isIdle;
  }

  get count(): number {
    return this.#now.count;
  }

  originOf(responseId: string | undefined): ResponseOrigin | undefined {
    return this.#now.originOf(responseId);
  }

  requestFiller(config: ResponseConfig): ResponseHandle {
    return this.#now.request(config, { purpose: "filler" });
  }

  requestFollowUp(config: ResponseConfig, toolRound: number): ResponseHandle {
    return this.#now.requestFollowUp(config, toolRound);
  }

  get #now(): ResponseScheduler {
    return this.#source.connection.responses;
  }
}
