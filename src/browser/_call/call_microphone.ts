// This module is browser compatible.
import { MicrophoneTrack } from "../microphone_track.ts";
import type { WebRtcOptions } from "../web_rtc_options.ts";

/** The microphone of a call, and whether the call has to release it. */
export async function openCallMicrophone(
  { clock, microphone = {}, signal }: WebRtcOptions,
): Promise<{ readonly microphone: MicrophoneTrack | undefined; readonly isOwned: boolean }> {
  if (microphone === null) return { microphone: undefined, isOwned: false };
  if (microphone instanceof MicrophoneTrack) return { microphone, isOwned: false };
  // A borrowed track is not stopped by its wrapper, which is the call's to let go of.
  if ("getAudioTracks" in microphone || "readyState" in microphone) {
    return { microphone: MicrophoneTrack.borrow(microphone), isOwned: true };
  }
  return { microphone: await MicrophoneTrack.open({ signal, clock, ...microphone }), isOwned: true };
}
