// This module is browser compatible.
import { checkRequiredOptions } from "../_internal/check_options.ts";
import { systemClock } from "../_internal/clock.ts";
import { Emitter } from "./_emitter.ts";
import { microphoneError, pageDevices, toMicrophoneError } from "./_audio/page_devices.ts";
import type { MicrophoneError } from "./microphone_error.ts";
import { MICROPHONE_OPTIONS, type MicrophoneOptions, type MicrophoneSettings } from "./microphone_options.ts";
import type { MediaStreamLike, MediaStreamTrackLike } from "./peer_connection.ts";

/**
 * An event of a microphone.
 *
 * @category Browser
 */
export type MicrophoneEvent =
  | {
    /** Another device is used from now on. */
    readonly type: "changed";
    /** The track of the device. */
    readonly track: MediaStreamTrackLike;
  }
  | {
    /** The device is gone, and there is no other: the microphone is silent. */
    readonly type: "lost";
    /** The reason why there is no other. */
    readonly error: MicrophoneError;
  };

/**
 * A microphone as a track. It stays muted, and continues, when its device changes.
 *
 * @category Browser
 */
export class MicrophoneTrack {
  readonly #emitter = new Emitter<MicrophoneEvent>();
  readonly #options: MicrophoneOptions;
  #isOwned: boolean;
  readonly #onEnded = (): Promise<void> => this.#replaceLost();
  #stream: MediaStreamLike | undefined;
  #track: MediaStreamTrackLike;
  /** The lost track for which another device is being opened. */
  #replacing: MediaStreamTrackLike | undefined;
  #muted = false;
  #gateOpen = true;
  /** Number of the last request for another device. */
  #request = 0;
  #isStopped = false;

  private constructor(
    track: MediaStreamTrackLike,
    stream: MediaStreamLike | undefined,
    options: MicrophoneOptions,
    isOwned: boolean,
  ) {
    this.#track = track;
    this.#stream = stream;
    // The signal belongs to the first prompt: a later abort must not keep another device from being opened.
    this.#options = { ...options, signal: undefined };
    this.#isOwned = isOwned;
    this.#muted = !track.enabled;
    this.assertLive();
    track.addEventListener("ended", this.#onEnded);
  }

  /**
   * Asks the user for a microphone.
   *
   * @throws {MicrophoneError} when there is none.
   * @throws {DOMException} the signal's reason when it is aborted.
   */
  static async open(options: MicrophoneOptions = {}): Promise<MicrophoneTrack> {
    checkRequiredOptions("open the microphone", options, MICROPHONE_OPTIONS);
    const stream = await openStream(options);
    return new MicrophoneTrack(firstTrack(stream), stream, options, true);
  }

  /**
   * Uses a track or stream of the caller, which is never stopped.
   *
   * @throws {TypeError} when an option is unknown, or `source` is neither.
   * @throws {MicrophoneError} when the track has ended, or the stream has none.
   */
  static borrow(source: MediaStreamTrackLike | MediaStreamLike, options: MicrophoneOptions = {}): MicrophoneTrack {
    checkRequiredOptions("open the microphone", options, MICROPHONE_OPTIONS);
    const [track, stream] = "getAudioTracks" in Object(source)
      ? [firstTrack(source as MediaStreamLike), source as MediaStreamLike]
      : [source as MediaStreamTrackLike];
    checkRequiredOptions("open the microphone", { track }, { track: ["a track", "stop"] });
    return new MicrophoneTrack(track, stream, options, false);
  }

  /** The current track. */
  get track(): MediaStreamTrackLike {
    return this.#track;
  }

  /** The stream of that track, if there is one. */
  get stream(): MediaStreamLike | undefined {
    return this.#stream;
  }

  /** Settings of the device, as far as the browser reports them. */
  get settings(): MicrophoneSettings {
    return this.#track.getSettings();
  }

  /** Name of the device. */
  get label(): string {
    return this.#track.label;
  }

  /** Whether silence is sent: after {@linkcode mute}, or temporarily by the session. */
  get muted(): boolean {
    return this.#muted || !this.#gateOpen;
  }

  /** Sends silence: the server notices the pause, so that a turn can end. */
  mute(): void {
    this.#muted = true;
    this.#update();
  }

  /** Sends the microphone's sound again. */
  unmute(): void {
    this.#muted = false;
    this.#update();
  }

  /** A switch for a voice session, independent of {@linkcode mute}. */
  get gate(): { enabled: boolean } {
    const isOpen = () => this.#gateOpen;
    const set = (isOpen: boolean) => {
      this.#gateOpen = isOpen;
      this.#update();
    };
    return {
      get enabled() {
        return isOpen();
      },
      set enabled(value) {
        set(value);
      },
    };
  }

  /**
   * Changes to another device; a muted microphone stays muted. If it fails, the previous device is kept. A later change
   * replaces one whose device is still being opened.
   *
   * @throws {MicrophoneError} when there is no such device.
   */
  async switchTo(deviceId: string): Promise<void> {
    const request = ++this.#request;
    const stream = await openStream({ ...this.#options, deviceId });
    this.#use(stream, () => request === this.#request);
  }

  /** Calls a listener when the device changes or is lost. */
  on<Type extends MicrophoneEvent["type"]>(
    type: Type,
    listener: (event: Extract<MicrophoneEvent, { readonly type: Type }>) => void,
  ): () => void {
    return this.#emitter.on(type, listener);
  }

  /** Releases the device, unless it is the caller's. Idempotent. */
  stop(): void {
    this.#isStopped = true;
    this.#release();
    this.#emitter.clear();
  }

  /**
   * Checks that there will be sound: that the device is not gone, or another one is being opened.
   *
   * @throws {MicrophoneError} when it is gone, and there is no other.
   */
  assertLive(): void {
    if (this.#track !== this.#replacing && this.#track.readyState === "ended") throw microphoneError("lost");
  }

  #update(): void {
    this.#track.enabled = !this.muted;
  }

  #release(): void {
    this.#track.removeEventListener("ended", this.#onEnded);
    if (this.#isOwned) this.#track.stop();
  }

  /** Uses a stream that was opened, unless it is no longer wanted. */
  #use(stream: MediaStreamLike, isWanted: () => boolean): void {
    const track = firstTrack(stream);
    if (this.#isStopped || !isWanted()) return track.stop();
    this.#release();
    this.#isOwned = true;
    this.#stream = stream;
    this.#track = track;
    this.#update();
    track.addEventListener("ended", this.#onEnded);
    this.#emitter.emit({ type: "changed", track });
  }

  /** The device was unplugged: the default device replaces it. */
  async #replaceLost(): Promise<void> {
    const lost = this.#replacing = this.#track;
    const isWanted = () => this.#track === lost;
    try {
      this.#use(await openStream({ ...this.#options, deviceId: undefined }), isWanted);
    } catch (cause) {
      if (!isWanted()) return;
      this.#replacing = undefined;
      this.#emitter.emit({ type: "lost", error: microphoneError("lost", cause) });
    }
  }
}

async function openStream(options: MicrophoneOptions): Promise<MediaStreamLike> {
  const {
    autoGainControl = true,
    clock = systemClock,
    deviceId,
    echoCancellation = true,
    mediaDevices = pageDevices(),
    noiseSuppression = true,
    promptTimeoutMs = 60_000,
    signal,
  } = options;
  signal?.throwIfAborted();
  const audio = {
    autoGainControl,
    echoCancellation,
    noiseSuppression,
    channelCount: 1,
    ...deviceId && { deviceId: { exact: deviceId } },
  };
  // A polyfill may throw, and a browser may lack the method.
  const opening = (async () => await mediaDevices.getUserMedia({ audio }))().catch((error) => {
    throw toMicrophoneError(error);
  });
  const late = Promise.withResolvers<never>();
  const cancelTimer = clock.schedule(() => late.reject(microphoneError("timed_out")), promptTimeoutMs);
  const abort = () => late.reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([opening, late.promise]);
  } catch (error) {
    // The user may allow it long after the timeout.
    opening.then((stream) => stream.getAudioTracks().forEach((track) => track.stop()), () => {});
    throw error;
  } finally {
    cancelTimer();
    signal?.removeEventListener("abort", abort);
  }
}

function firstTrack(stream: MediaStreamLike): MediaStreamTrackLike {
  const track = stream.getAudioTracks()[0];
  if (track) return track;
  throw microphoneError("not_found");
}
