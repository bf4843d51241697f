// This module is browser compatible.
import type { AnalyserNodeLike, AudioContextLike } from "../audio_context.ts";

/** Samples per measurement: about 20 ms at 48 kHz. */
const SAMPLES = 1024;

/** Measures the loudness of a node. */
export class LevelMeter {
  /** The node to connect the measured node to. */
  readonly node: AnalyserNodeLike;
  readonly #samples = new Float32Array(SAMPLES);

  constructor(context: AudioContextLike) {
    this.node = context.createAnalyser();
    this.node.fftSize = SAMPLES;
  }

  /** Root mean square of the last 20 ms, 0 to 1. */
  get level(): number {
    this.node.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    for (const sample of this.#samples) sum += sample * sample;
    return Math.sqrt(sum / SAMPLES);
  }
}
