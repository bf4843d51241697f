// This module is browser compatible.
import { writeWav } from "../../../audio/mod.ts";
import { LIVE_RATE } from "../model/live_format.ts";

/** The heard and the spoken audio of a session, side by side. */
export class RecordingTape {
  readonly #steps: Int16Array[] = [];
  #length = 0;

  /** Records a step: the input on the left, the output on the right. */
  record(heard: Int16Array, said: Int16Array): void {
    const step = new Int16Array(heard.length * 2);
    for (let index = 0; index < heard.length; index++) {
      step[2 * index] = heard[index]!;
      step[2 * index + 1] = said[index] ?? 0;
    }
    this.#steps.push(step);
    this.#length += step.length;
  }

  /** The recording as a WAV file. */
  toWav(): Uint8Array<ArrayBuffer> {
    const samples = new Int16Array(this.#length);
    let offset = 0;
    for (const step of this.#steps) {
      samples.set(step, offset);
      offset += step.length;
    }
    return writeWav(samples, { format: "audio/pcm", sampleRate: LIVE_RATE, channels: 2 });
  }
}
