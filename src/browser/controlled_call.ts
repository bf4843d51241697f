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
  /** The side that controls the session. */
  readonly controller: "server";
  /** A read-only view of the session: conversation, usage, events. Its commands throw a `TypeError`. */
  readonly session: Session;
  /** Resolves when the call has ended and everything is released; never rejects. */
  readonly closed: Promise<CloseInfo>;
  /** Every event of the session from now on, as the app streams them. */
  events(): AsyncIterableIterator<SessionEvent>;
  /**
   * Ends the call on the server, then here. The page's side is released even when the server cannot be reached.
   *
   * @throws {ConnectionError} when the app could not end the call. The call then ends because its connection is closed.
   */
  hangUp(): Promise<void>;
}
