// This module is browser compatible.
import type { Transport } from "../transport/mod.ts";
import type { WebRtcCall } from "./web_rtc_call.ts";

/**
 * A connection over WebRTC: events pass its data channel, and the browser carries the sound. `connectWebRtc` opens one;
 * its end also releases the microphone, the loudspeaker and the peer connection. `send` throws a `RangeError` for an
 * event that exceeds the maximum message size, 262,144 bytes in most browsers; nothing is then sent.
 *
 * @category Browser
 */
export interface WebRtcTransport extends Transport, WebRtcCall {
  /** The server plays, so it knows what was heard. */
  readonly playback: "server";
  /** A server may control the same session through a sideband. */
  readonly shared: true;
}
