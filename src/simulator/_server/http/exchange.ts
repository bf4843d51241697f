// This module is browser compatible.
import type { ClientRequest } from "../authentication.ts";
import type { Service } from "../service.ts";

/** A request that is being answered. */
export interface Exchange {
  /** The request. */
  readonly request: Request;
  /** The request. */
  readonly client: ClientRequest;
  /** Identifier of the call in the path; empty when there is none. */
  readonly callId: string;
  /** The service. */
  readonly service: Service;
}

/** Responds to a request; an exception becomes a response in the API's form. */
export type Handler = (exchange: Exchange) => Response | Promise<Response>;
