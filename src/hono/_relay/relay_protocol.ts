import type { WireEvent } from "../../_internal/wire.ts";
import type { RelayedClientEvent } from "../relay_filter.ts";

/** An event of the server's own. */
export interface OwnEvent {
  readonly type: string;
  readonly event_id: string;
}

/** What a complaint is about. */
export interface ComplaintAbout {
  /** Field at fault. */
  readonly param?: string | undefined;
  /** Event of the page. */
  readonly event?: RelayedClientEvent;
}

/** What a relay has to know of the API that its session is of. */
export interface RelayProtocol {
  /** Writes an event of the server's own for the API; throws an `InvalidEventError` when it breaks a rule. */
  readonly write: (event: OwnEvent) => string;
  /** Tells a page that something of it did not go on, as the API would. */
  readonly complain: (code: string, message: string, about: ComplaintAbout) => WireEvent;
  /** Makes the event that cancels a response; absent where none does. */
  readonly cancel?: (responseId: string | undefined) => OwnEvent;
}
