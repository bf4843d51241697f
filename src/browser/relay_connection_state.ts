// This module is browser compatible.

/**
 * State of a relay's connection.
 *
 * @category Browser
 */
export interface RelayConnectionState {
  /** Whether the page is connected, or reconnecting. */
  readonly state: "interrupted" | "connected";
  /** Whether events were lost meanwhile: the relay keeps a limited number of them. */
  readonly missed: boolean;
}
