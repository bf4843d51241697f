// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import { LevelMeter } from "./level_meter.ts";
import { setVolume } from "./sink.ts";
import type { AudioContextLike, AudioNodeLike, GainNodeLike } from "../audio_context.ts";
import type { AudioElementLike, MediaStreamLike } from "../peer_connection.ts";

/** Time constant of the fade when the sound is cut, in seconds: fast, but without a click. */
const FADE_SECONDS = 0.003;
/** Time within which the server has to stop, in milliseconds; after that it is assumed to have refused. */
const REFUSED_MS = 1000;

/**
 * The node through which the model's voice passes to the loudspeaker. An interruption closes it immediately: the
 * browser's own buffer would keep playing for about 200 ms after the server has stopped.
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
   * @param element Keeps the stream flowing: browsers deliver no sound of a remote track to an audio graph unless an
   * element plays it. It is muted, as the graph produces the sound.
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

  /** Volume of the model, 0 to 1. */
  get volume(): number {
    return this.#volume.gain.value;
  }

  set volume(volume: number) {
    setVolume(this.#volume, volume);
  }

  /** Current loudness, as the root mean square of 20 ms, 0 to 1. */
  get level(): number {
    return this.#meter.level;
  }

  /** Whether the browser blocks sound until the user has clicked. */
  get isBlocked(): boolean {
    return this.#context.state === "suspended";
  }

  /** Plays a stream. Rejects when the browser blocks the element; a blocked context only waits. */
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
   * Inspects a frame, and cuts or opens the sound. A request to stop cuts immediately, as the round trip to the server
   * would be audible. If the server refuses, the sound returns after a second.
   */
  watch(frame: string): void {
    // A quote inside a JSON string is escaped, so this can only match the field itself.
    const state = /"type"\s*:\s*"output_audio_buffer\.(started|cleared|clear)"/.exec(frame)?.[1];
    if (!state) return;
    this.#cancelReopening();
    if (state === "started") return this.open();
    this.cut();
    if (state === "clear") this.#cancelReopening = this.#clock.schedule(() => this.open(), REFUSED_MS);
  }

  /** Opens the gate. */
  open(): void {
    this.#fade(1);
  }

  /** Silences the sound within about 10 ms. */
  cut(): void {
    this.#fade(0);
  }

  /** Releases everything except the context. */
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
