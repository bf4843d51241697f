// This module is browser compatible.

/**
 * How a relay's connection is.
 *
 * @category Browser
 */
export interface RelayConnectionState {
  /** Whether the page is connected, or on its way back. */
  readonly state: "interrupted" | "connected";
  /** Whether events were lost meanwhile: the relay keeps a bounded number of them. */
  readonly missed: boolean;
}
