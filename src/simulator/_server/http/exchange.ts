// This module is browser compatible.
import type { ClientRequest } from "../authentication.ts";
import type { Service } from "../service.ts";

/** A request that is being answered. */
export interface Exchange {
  /** The request. */
  readonly request: Request;
  /** Who asks for what. */
  readonly client: ClientRequest;
  /** Identifier of the call that the path names; empty when it names none. */
  readonly callId: string;
  /** What is asked. */
  readonly service: Service;
}

/** Answers a request; what it throws becomes an answer in the API's form. */
export type Handler = (exchange: Exchange) => Response | Promise<Response>;
