// This module is browser compatible.
import { assertNotClosed } from "../_audio/page_audio.ts";
import { MicrophoneTrack } from "../microphone_track.ts";
import type { WebRtcOptions } from "../web_rtc_options.ts";
import type { CallLine, LineMicrophone } from "./call_line.ts";

/**
 * Asks for the microphone, creates a line from it, and calls. Releases everything when it fails.
 *
 * @throws {TypeError} when there is no exchange, or `audioContext` is closed.
 * @throws {MicrophoneError} when there is no microphone, or it is lost meanwhile.
 * @throws {ConnectionError} when the call is refused, or no connection is established.
 * @throws {DOMException} `AbortError` when aborted, `TimeoutError` on a timeout.
 */
export async function openLine<Line extends CallLine>(
  options: WebRtcOptions,
  make: (microphone: LineMicrophone) => Line,
): Promise<Line> {
  const { audioContext, exchange, signal } = options;
  if (typeof exchange !== "function") {
    throw new TypeError("Cannot call as exchange must be a function: use viaApp() or withSecret()");
  }
  assertNotClosed(audioContext);
  signal?.throwIfAborted();
  const given = await openMicrophone(options);
  let line: Line | undefined;
  try {
    line = make(given);
    await line.dial(options);
    // There was no listener for a loss during the dial.
    given.microphone?.assertLive();
    return line;
  } catch (error) {
    line?.end({ code: 1006, reason: "" });
    if (given.isOwned) given.microphone?.stop();
    throw error;
  }
}

async function openMicrophone({ clock, microphone = {}, signal }: WebRtcOptions): Promise<LineMicrophone> {
  if (microphone === null) return { microphone: undefined, isOwned: false };
  if (microphone instanceof MicrophoneTrack) {
    microphone.assertLive();
    return { microphone, isOwned: false };
  }
  // A borrowed track is not stopped by its wrapper, which the line has to release.
  if (typeof microphone !== "object" || "getAudioTracks" in microphone || "readyState" in microphone) {
    return { microphone: MicrophoneTrack.borrow(microphone), isOwned: true };
  }
  return { microphone: await MicrophoneTrack.open({ signal, clock, ...microphone }), isOwned: true };
}
