// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import { LevelMeter } from "../_audio/level_meter.ts";
import { openAudioContext, pageAudio, toStream } from "../_audio/page_audio.ts";
import { setSink } from "../_audio/sink.ts";
import { SoundGate } from "../_audio/sound_gate.ts";
import type { AudioContextLike, AudioNodeLike } from "../audio_context.ts";
import type { MicrophoneTrack } from "../microphone_track.ts";
import type { MediaStreamLike } from "../peer_connection.ts";
import type { WebRtcOptions } from "../web_rtc_options.ts";
import { createPageElement } from "./page_peer.ts";

/** Time within which a browser unblocks a page that may play sound, in milliseconds. */
const UNBLOCK_MS = 500;

/** The audio graph of a call: plays the model and measures both sides. It outlives connections. */
export class CallSound {
  readonly #options: Pick<WebRtcOptions, "audioContext" | "output">;
  readonly #clock: Clock;
  readonly #onBlocked: () => void;
  #context: AudioContextLike | undefined;
  #gate: SoundGate | undefined;
  #inputMeter: LevelMeter | undefined;
  #inputSource: AudioNodeLike | undefined;
  #cancelCheck = (): void => {};
  #isClosed = false;

  /** @param onBlocked Called when the browser blocks sound until the user has clicked. */
  constructor(options: Pick<WebRtcOptions, "audioContext" | "output">, clock: Clock, onBlocked: () => void) {
    this.#options = options;
    this.#clock = clock;
    this.#onBlocked = onBlocked;
  }

  get volume(): number {
    return this.#gate?.volume ?? 0;
  }

  set volume(volume: number) {
    if (this.#gate) this.#gate.volume = volume;
  }

  get outputLevel(): number {
    return this.#gate?.level ?? 0;
  }

  get inputLevel(): number {
    return this.#inputMeter?.level ?? 0;
  }

  get isBlocked(): boolean {
    return this.#gate?.isBlocked ?? false;
  }

  async resume(stream: MediaStreamLike | undefined): Promise<void> {
    await this.#context?.resume();
    if (stream) await this.#gate?.play(stream);
  }

  async setSpeaker(deviceId: string): Promise<void> {
    await setSink(this.#context, deviceId);
  }

  /** Inspects a frame, and cuts or opens the sound. */
  watch(frame: string): void {
    this.#gate?.watch(frame);
  }

  /** Makes the model's voice audible again. */
  open(): void {
    this.#gate?.open();
  }

  /** Plays the model's voice, in place of another connection's, and begins to measure the microphone. */
  play(stream: MediaStreamLike, microphone: MicrophoneTrack | undefined): void {
    const { audioContext, output } = this.#options;
    if (this.#isClosed || output === null || !(audioContext || pageAudio.AudioContext)) return;
    const context = this.#context ??= audioContext ?? openAudioContext();
    const gate = this.#gate ??= new SoundGate(context, output ?? createPageElement(), this.#clock);
    this.measure(microphone);
    gate.open();
    gate.play(stream).catch(() => this.#block());
    // It settles once the page may play sound, which may be never.
    context.resume().catch(() => this.#block());
    this.#cancelCheck();
    this.#cancelCheck = this.#clock.schedule(() => gate.isBlocked && this.#block(), UNBLOCK_MS);
  }

  /** Measures the microphone, whose track may have changed. */
  measure(microphone: MicrophoneTrack | undefined): void {
    if (!this.#context || !microphone) return;
    this.#inputMeter ??= new LevelMeter(this.#context);
    this.#inputSource?.disconnect();
    try {
      this.#inputSource = this.#context.createMediaStreamSource(microphone.stream ?? toStream(microphone.track));
      this.#inputSource.connect(this.#inputMeter.node);
    } catch (error) {
      // Such as a device of another rate in Firefox. Only its level is missing: the call sends the track itself.
      console.error(error);
    }
  }

  /** Releases everything. */
  close(): void {
    this.#isClosed = true;
    this.#cancelCheck();
    try {
      this.#gate?.close();
      this.#inputSource?.disconnect();
    } finally {
      if (!this.#options.audioContext) void this.#context?.close();
    }
  }

  #block(): void {
    if (!this.#isClosed) this.#onBlocked();
  }
}
