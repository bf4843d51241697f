// This module is browser compatible.
import { checkRequiredOptions, type OptionNames } from "../_internal/check_options.ts";
import { createWorkletNode, loadWorklet } from "./_load_worklet.ts";
import { BLOCK_SAMPLES, CAPTURE, type CaptureMessage, SAMPLES_PER_MS } from "./_worklets/messages.ts";
import { assertNotClosed, openAudioContext, toStream } from "./_audio/page_audio.ts";
import { toMicrophoneError } from "./_audio/page_devices.ts";
import type { AudioContextLike, AudioNodeLike, WorkletNodeLike } from "./audio_context.ts";
import type { MicrophoneError } from "./microphone_error.ts";
import { MICROPHONE_OPTIONS, type MicrophoneOptions, type MicrophoneSettings } from "./microphone_options.ts";
import { MicrophoneTrack } from "./microphone_track.ts";
import type { MediaStreamLike, MediaStreamTrackLike } from "./peer_connection.ts";

/** Number of 20 ms blocks that may wait for their reader: 10 s. Further blocks are dropped. */
const MAX_WAITING = 500;
/** Milliseconds of a block. */
const BLOCK_MS = BLOCK_SAMPLES / SAMPLES_PER_MS;

/**
 * Options of {@linkcode openMicrophone}.
 *
 * @category Browser
 */
export interface OpenMicrophoneOptions extends MicrophoneOptions {
  /** A track or stream to use instead of asking the user. It is never stopped. */
  source?: MediaStreamTrackLike | MediaStreamLike | undefined;
  /**
   * Context that captures the microphone. A context that is passed in is not closed.
   *
   * @default {a new AudioContext}
   */
  audioContext?: AudioContextLike | undefined;
  /**
   * Address of `worklet.js`, for pages whose Content-Security-Policy allows neither `blob:` nor a bundler's output.
   *
   * @default {code inside this module, else the file beside it}
   */
  workletUrl?: string | URL | undefined;
}

/** The names of the {@linkcode OpenMicrophoneOptions}. */
const OPTIONS: OptionNames<OpenMicrophoneOptions> = {
  ...MICROPHONE_OPTIONS,
  source: 1,
  audioContext: 1,
  workletUrl: 1,
};

/**
 * The user's microphone: a stream of 24 kHz samples in blocks of 20 ms, for `voice.pipe({ from })`. Cancelling the
 * stream stops it. It errors with a {@linkcode MicrophoneError} when the device is lost and there is no other.
 *
 * @category Browser
 */
export interface Microphone extends ReadableStream<Int16Array<ArrayBuffer>>, Disposable {
  /** Whether the microphone is muted. */
  readonly muted: boolean;
  /** Name of the device. */
  readonly label: string;
  /** Settings of the device. */
  readonly settings: MicrophoneSettings;
  /** The current track. */
  readonly track: MediaStreamTrackLike;
  /** Loudness of the last 20 ms, as the root mean square, 0 to 1. */
  readonly level: number;
  /** Audio that was dropped because it was not read for 10 s, in milliseconds. */
  readonly droppedMs: number;
  /** Produces silence from now on, so that the user's turn can end. */
  mute(): void;
  /** Produces the microphone's sound again. */
  unmute(): void;
  /**
   * Changes to another device; the stream continues.
   *
   * @throws {MicrophoneError} when there is no such device; the previous one is kept.
   */
  switchTo(deviceId: string): Promise<void>;
  /**
   * Calls a listener when the device changes or is lost.
   *
   * @returns a function that removes the listener.
   */
  on: MicrophoneTrack["on"];
  /** Releases the device and ends the stream; captured audio can still be read. Idempotent. */
  stop(): void;
}

/** Creates the microphone as a real stream with additional members, as pipes accept nothing else. */
function createMicrophone(track: MicrophoneTrack, capture: Capture): Microphone {
  const stream = new ReadableStream<Int16Array<ArrayBuffer>>({
    start: (controller) => void (capture.controller = controller),
    cancel() {
      // A cancelled stream cannot be closed again.
      capture.controller = undefined;
      capture.stop();
    },
  }, { highWaterMark: MAX_WAITING });
  const members = {
    get muted() {
      return track.muted;
    },
    get label() {
      return track.label;
    },
    get settings() {
      return track.settings;
    },
    get track() {
      return track.track;
    },
    get level() {
      return capture.level;
    },
    get droppedMs() {
      return capture.droppedMs;
    },
    mute: () => track.mute(),
    unmute: () => track.unmute(),
    switchTo: (deviceId: string) => track.switchTo(deviceId),
    on: track.on.bind(track),
    stop: () => capture.stop(),
    [Symbol.dispose]: () => capture.stop(),
  };
  return Object.defineProperties(stream, Object.getOwnPropertyDescriptors(members)) as Microphone;
}

/** The audio graph between a track and its stream. */
class Capture {
  level = 0;
  droppedMs = 0;
  readonly #track: MicrophoneTrack;
  readonly #context: AudioContextLike;
  readonly #isOwned: boolean;
  readonly #node: WorkletNodeLike;
  #source: AudioNodeLike;
  /** Receives the captured audio, until the reader cancels it. */
  controller: ReadableStreamDefaultController<Int16Array<ArrayBuffer>> | undefined;
  #isStopped = false;

  /** @param isOwned Whether the context is closed at the end. */
  constructor(track: MicrophoneTrack, context: AudioContextLike, isOwned: boolean) {
    this.#track = track;
    this.#context = context;
    this.#isOwned = isOwned;
    // First, as it may fail: a node that is connected already would stay in a context of the caller.
    this.#source = this.#createSource();
    this.#node = createWorkletNode(context, CAPTURE, {
      channelCount: 1,
      channelCountMode: "explicit",
    });
    this.#node.port.onmessage = ({ data }) => this.#receive(data as CaptureMessage);
    // It outputs silence; browsers need not run a node without a destination.
    this.#node.connect(context.destination);
    this.#source.connect(this.#node);
    track.on("changed", () => {
      this.#source.disconnect();
      try {
        this.#source = this.#createSource();
        this.#source.connect(this.#node);
      } catch (error) {
        // Such as a device of another rate in Firefox. Its reader would wait forever.
        this.stop(toMicrophoneError(error));
      }
    });
    track.on("lost", ({ error }) => this.stop(error));
  }

  #createSource(): AudioNodeLike {
    const { stream, track } = this.#track;
    return this.#context.createMediaStreamSource(stream ?? toStream(track));
  }

  #receive({ level, samples }: CaptureMessage): void {
    this.level = level;
    if ((this.controller?.desiredSize ?? 0) > 0) this.controller?.enqueue(samples);
    else this.droppedMs += BLOCK_MS;
  }

  /** Releases everything; only once. */
  stop(error?: MicrophoneError): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#track.stop();
    this.level = 0;
    this.#source.disconnect();
    this.#node.disconnect();
    this.#node.port.onmessage = null;
    this.#node.port.close();
    if (this.#isOwned) void this.#context.close();
    if (error) this.controller?.error(error);
    else this.controller?.close();
  }
}

/**
 * Asks the user for the microphone, and captures it: `voice.pipe({ from: await openMicrophone() })`. Call it after a
 * click of the user: without one, browsers do not let a page capture audio.
 *
 * @category Browser
 *
 * @throws {MicrophoneError} when there is none.
 * @throws {TypeError} when an option is unknown, `audioContext` is closed, or the audio worklet cannot be loaded.
 * @throws {DOMException} the signal's reason when it is aborted.
 */
export async function openMicrophone(options: OpenMicrophoneOptions = {}): Promise<Microphone> {
  checkRequiredOptions("open the microphone", options, OPTIONS);
  const { audioContext, source, workletUrl, ...choice } = options;
  assertNotClosed(audioContext);
  const track = source ? MicrophoneTrack.borrow(source, choice) : await MicrophoneTrack.open(choice);
  let context = audioContext;
  try {
    context ??= openAudioContext();
    await loadWorklet(context, workletUrl);
    options.signal?.throwIfAborted();
    // Nothing would ever arrive from it.
    track.assertLive();
    // It settles once the page may play sound, which is immediately when there is a microphone.
    context.resume().catch((error) => console.error(error));
    return createMicrophone(track, new Capture(track, context, context !== audioContext));
  } catch (error) {
    track.stop();
    if (context && context !== audioContext) void context.close();
    throw error;
  }
}
