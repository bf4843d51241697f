import type { ClientEvent, FieldIssue, ServerEvent } from "../protocol/mod.ts";

/**
 * An event of a page: valid, or of any shape.
 *
 * @category Edge app
 */
export type RelayedClientEvent = ClientEvent | { readonly type: string; readonly [field: string]: unknown };

/**
 * An event of the API: valid, or of any shape.
 *
 * @category Edge app
 */
export type RelayedServerEvent = ServerEvent | { readonly type: string; readonly [field: string]: unknown };

/**
 * An event is rejected. The page receives an `error` that names the event's `event_id`.
 *
 * @category Edge app
 */
export interface RelayRefusal {
  /** The reason, which the page receives. */
  readonly refused: string;
  /** Field in question, e.g. `session.tools`. */
  readonly param?: string | undefined;
}

/**
 * Decides which events pass through a relay. A filter that throws ends the relay: nothing passes unfiltered.
 *
 * @category Edge app
 */
export interface RelayFilter {
  /**
   * Filters an event of the page.
   *
   * @param issues its violations of the protocol, as known to this version; none for an unknown type.
   * @returns the event to forward, or the reason for its rejection. It is serialized again, so that the API parses what
   * the filter has seen.
   */
  fromClient(event: RelayedClientEvent, issues: readonly FieldIssue[]): RelayedClientEvent | RelayRefusal;
  /**
   * Filters an event of the API.
   *
   * @returns the event to forward, or `undefined` for none. The same object is forwarded in its original form.
   */
  fromServer(event: RelayedServerEvent): RelayedServerEvent | undefined;
}
