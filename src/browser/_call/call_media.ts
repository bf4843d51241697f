// This module is browser compatible.
import type { CallStats } from "../call_stats.ts";
import type { MicrophoneTrack } from "../microphone_track.ts";
import type { MediaStreamLike, PeerConnectionLike } from "../peer_connection.ts";
import type { WebRtcCall, WebRtcEvent } from "../web_rtc_call.ts";

/** The media of a call, for the objects that show it to the user beside what they are themselves. */
export abstract class CallMedia implements WebRtcCall {
  readonly #call: WebRtcCall;

  constructor(call: WebRtcCall) {
    this.#call = call;
  }

  get peer(): PeerConnectionLike {
    return this.#call.peer;
  }

  get callId(): string | undefined {
    return this.#call.callId;
  }

  get callToken(): string | undefined {
    return this.#call.callToken;
  }

  get microphone(): MicrophoneTrack | undefined {
    return this.#call.microphone;
  }

  get remote(): MediaStreamLike | undefined {
    return this.#call.remote;
  }

  get volume(): number {
    return this.#call.volume;
  }

  set volume(volume: number) {
    this.#call.volume = volume;
  }

  get outputLevel(): number {
    return this.#call.outputLevel;
  }

  get inputLevel(): number {
    return this.#call.inputLevel;
  }

  get isPlaybackBlocked(): boolean {
    return this.#call.isPlaybackBlocked;
  }

  resumePlayback(): Promise<void> {
    return this.#call.resumePlayback();
  }

  setSpeaker(deviceId: string): Promise<void> {
    return this.#call.setSpeaker(deviceId);
  }

  stats(): Promise<CallStats> {
    return this.#call.stats();
  }

  on<Type extends WebRtcEvent["type"]>(
    type: Type,
    listener: (event: Extract<WebRtcEvent, { readonly type: Type }>) => void,
  ): () => void {
    return this.#call.on(type, listener);
  }
}
