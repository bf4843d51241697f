// This module is browser compatible.
import type { Transport } from "../transport/mod.ts";
import type { WebRtcCall } from "./web_rtc_call.ts";

/**
 * A connection over WebRTC: events go over its data channel, sound goes by itself. `connectWebRtc` makes one; what ends it
 * also releases the microphone, the loudspeaker and the peer connection. `send` throws a `RangeError` for an event that is
 * larger than the connection takes, 262,144 bytes in most browsers; nothing is sent then.
 *
 * @category Browser
 */
export interface WebRtcTransport extends Transport, WebRtcCall {
  /** The server plays: it knows what was heard. */
  readonly playback: "server";
  /** A server may hold the same session by a sideband, and act in it. */
  readonly shared: true;
}
