import type { WireEvent } from "../../_internal/wire.ts";
import type { RelayedClientEvent } from "../relay_filter.ts";

/** An event sent by the server itself. */
export interface OwnEvent {
  readonly type: string;
  readonly event_id: string;
}

/** The subject of a complaint. */
export interface ComplaintAbout {
  /** The invalid field. */
  readonly param?: string | undefined;
  /** The page's event. */
  readonly event?: RelayedClientEvent;
}

/** Properties of a relay that depend on its API. */
export interface RelayProtocol {
  /** Serializes an event of the server for the API; throws an `InvalidEventError` when it breaks a rule. */
  readonly write: (event: OwnEvent) => string;
  /** Creates an error event for a page about a rejected event, in the form of the API. */
  readonly complain: (code: string, message: string, about: ComplaintAbout) => WireEvent;
  /** Creates the event that cancels a response; absent when there is none. */
  readonly cancel?: (responseId: string | undefined) => OwnEvent;
}
