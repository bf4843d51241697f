import type { ClientEvent, FieldIssue, ServerEvent } from "../protocol/mod.ts";

/**
 * An event of a page: as the protocol wants it, or of any shape.
 *
 * @category Edge app
 */
export type RelayedClientEvent = ClientEvent | { readonly type: string; readonly [field: string]: unknown };

/**
 * An event of the API: as the protocol has it, or of any shape.
 *
 * @category Edge app
 */
export type RelayedServerEvent = ServerEvent | { readonly type: string; readonly [field: string]: unknown };

/**
 * An event does not go on. The page gets an `error` that names the event's `event_id`.
 *
 * @category Edge app
 */
export interface RelayRefusal {
  /** Why, for the page to read. */
  readonly refused: string;
  /** Field that it is about, e.g. `session.tools`. */
  readonly param?: string | undefined;
}

/**
 * What passes through a relay. A filter that throws ends the relay: nothing passes unfiltered.
 *
 * @category Edge app
 */
export interface RelayFilter {
  /**
   * Looks at an event of the page.
   *
   * @param issues what is wrong with it by the protocol, as this version knows it; nothing of an unknown type is.
   * @returns the event that goes on, or why none does. It is written anew, so that the API reads what was looked at here.
   */
  fromClient(event: RelayedClientEvent, issues: readonly FieldIssue[]): RelayedClientEvent | RelayRefusal;
  /**
   * Looks at an event of the API.
   *
   * @returns the event that goes on, or `undefined` for none. The same object goes on as it came.
   */
  fromServer(event: RelayedServerEvent): RelayedServerEvent | undefined;
}
