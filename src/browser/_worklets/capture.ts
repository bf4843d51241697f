// This module is browser compatible.
import { filterPhase } from "../../_internal/polyphase/filter_phase.ts";
import { createPolyphaseFilter, designRateFilter } from "../../_internal/polyphase/polyphase_filter.ts";
import { BLOCK_SAMPLES, CAPTURE, type CaptureMessage, SESSION_RATE } from "./messages.ts";
import { scope } from "./scope.ts";

/** Converts a microphone of any rate to blocks of 20 ms at 24 kHz. */
class CaptureProcessor extends scope.AudioWorkletProcessor {
  readonly #resample = createPolyphaseFilter(designRateFilter(scope.sampleRate, SESSION_RATE), filterPhase);
  #block = new Int16Array(BLOCK_SAMPLES);
  #filled = 0;
  #energy = 0;

  process([input = []]: Float32Array[][]): boolean {
    // There is no input while the device changes, but time must advance.
    const samples = this.#resample(input[0] ?? new Float32Array(128));
    for (const sample of samples) {
      const value = Math.max(-1, Math.min(1, sample));
      this.#energy += value * value;
      this.#block[this.#filled++] = Math.round(value * 32767);
      if (this.#filled === BLOCK_SAMPLES) this.#post();
    }
    return true;
  }

  #post(): void {
    const message: CaptureMessage = { samples: this.#block, level: Math.sqrt(this.#energy / BLOCK_SAMPLES) };
    this.port.postMessage(message, [this.#block.buffer]);
    this.#block = new Int16Array(BLOCK_SAMPLES);
    this.#filled = 0;
    this.#energy = 0;
  }
}

scope.registerProcessor(CAPTURE, CaptureProcessor);
