// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import { LevelMeter } from "./level_meter.ts";
import { setSink, setVolume } from "./sink.ts";
import type { AudioContextLike, AudioNodeLike, GainNodeLike } from "../audio_context.ts";
import type { AudioElementLike, MediaStreamLike } from "../peer_connection.ts";

/** How fast the sound fades when it is cut, as a time constant in seconds: fast, and without a click. */
const FADE_SECONDS = 0.003;
/** How long the server may take to stop, in milliseconds; then it has refused to. */
const REFUSED_MS = 1000;

/**
 * Where the model's voice passes on its way to the loudspeaker. An interruption closes it at once: the browser's own
 * buffer would go on sounding for some 200 ms after the server has stopped.
 */
export class SoundGate {
  readonly #context: AudioContextLike;
  readonly #element: AudioElementLike | undefined;
  readonly #gate: GainNodeLike;
  readonly #volume: GainNodeLike;
  readonly #meter: LevelMeter;
  #source: AudioNodeLike | undefined;
  readonly #clock: Clock;
  #cancelReopening = (): void => {};

  /**
   * @param element Keeps the stream flowing: browsers give no sound to a graph of a remote track that no element plays. It
   * is muted, as the graph is what is heard.
   */
  constructor(context: AudioContextLike, element: AudioElementLike | undefined, clock: Clock) {
    this.#context = context;
    this.#clock = clock;
    this.#element = element;
    this.#gate = context.createGain();
    this.#volume = context.createGain();
    this.#meter = new LevelMeter(context);
    this.#gate.connect(this.#volume);
    this.#volume.connect(this.#meter.node);
    this.#volume.connect(context.destination);
  }

  /** How loud the model is heard, 0 to 1. */
  get volume(): number {
    return this.#volume.gain.value;
  }

  set volume(volume: number) {
    setVolume(this.#volume, volume);
  }

  /** How loud it is at this moment, as the root mean square of 20 ms, 0 to 1. */
  get level(): number {
    return this.#meter.level;
  }

  /** Whether the browser does not let the page make a sound until the user has clicked. */
  get isBlocked(): boolean {
    return this.#context.state === "suspended";
  }

  /** Plays a stream. Rejects when the browser refuses the element; the context waits without a word. */
  async play(stream: MediaStreamLike): Promise<void> {
    this.#source?.disconnect();
    this.#source = this.#context.createMediaStreamSource(stream);
    this.#source.connect(this.#gate);
    if (!this.#element) return;
    this.#element.muted = true;
    this.#element.srcObject = stream;
    await this.#element.play();
  }

  /**
   * Looks at a frame, and cuts or opens. What asks the server to stop cuts at once, not only when it has: the way there and
   * back would be heard. Should the server refuse, the sound is back after a second.
   */
  watch(frame: string): void {
    // In JSON a quote inside of a string is escaped: this can only be the field itself.
    const state = /"type"\s*:\s*"output_audio_buffer\.(started|cleared|clear)"/.exec(frame)?.[1];
    if (!state) return;
    this.#cancelReopening();
    if (state === "started") return this.open();
    this.cut();
    if (state === "clear") this.#cancelReopening = this.#clock.schedule(() => this.open(), REFUSED_MS);
  }

  /** Lets sound pass. */
  open(): void {
    this.#fade(1);
  }

  /** Makes it silent, within some 10 ms. */
  cut(): void {
    this.#fade(0);
  }

  /** Sounds from another loudspeaker. Rejects where the browser cannot choose one. */
  async setDevice(deviceId: string): Promise<void> {
    await setSink(this.#context, deviceId);
  }

  /** Releases everything but the context. */
  close(): void {
    this.#cancelReopening();
    this.#source?.disconnect();
    this.#gate.disconnect();
    this.#volume.disconnect();
    if (!this.#element) return;
    this.#element.pause();
    this.#element.srcObject = null;
  }

  #fade(target: number): void {
    this.#gate.gain.setTargetAtTime(target, this.#context.currentTime, FADE_SECONDS);
  }
}
