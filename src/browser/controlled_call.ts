// This module is browser compatible.
import type { CloseInfo } from "../errors.ts";
import type { Session, SessionEvent } from "../session/mod.ts";
import type { WebRtcCall } from "./web_rtc_call.ts";

/**
 * A call that the server controls. `startCall` starts one.
 *
 * @category Browser
 */
export interface ControlledCall extends WebRtcCall, AsyncDisposable {
  /** Who controls the session. */
  readonly controller: "server";
  /** What the session does, read only: conversation, usage, events. Its commands throw a `TypeError`. */
  readonly session: Session;
  /** Resolves when the call has ended and everything is released; never rejects. */
  readonly closed: Promise<CloseInfo>;
  /** Every event of the session from now on, as the app shows them. */
  events(): AsyncIterableIterator<SessionEvent>;
  /**
   * Ends the call at the server, then here. The page's side is released even when the server cannot be reached.
   *
   * @throws {ConnectionError} when the app could not end the call; the call then ends by itself, as its connection is closed.
   */
  hangUp(): Promise<void>;
}
