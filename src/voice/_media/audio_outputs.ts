// This module is browser compatible.
import type { ResponseHandle } from "../session/mod.ts";
import type { AudioChunk } from "./audio_chunk.ts";
import { AudioOutput, type AudioOutputOptions } from "./_audio_output.ts";

/** Options of {@linkcode AudioOutputs}. */
export interface AudioOutputsOptions extends AudioOutputOptions {
  /** How much audio may wait for readers, in milliseconds. */
  maxUnheardMs: number;
  /** Is told that an output ended as more waited. */
  onOverflow(error: DOMException): void;
}

/** The model's audio: one output for all of it, but for the responses that were given one of their own. */
export class AudioOutputs {
  /** The output of every response that has none of its own. */
  readonly main: AudioOutput;
  readonly #options: AudioOutputsOptions;
  readonly #own = new Map<ResponseHandle | undefined, AudioOutput>();

  constructor(options: AudioOutputsOptions) {
    this.#options = options;
    this.#own.set(undefined, this.main = new AudioOutput(options));
  }

  /** The output of one response alone; what waits of it in the main one moves over. */
  of(response: ResponseHandle): AudioOutput {
    for (const [other, { isOver }] of this.#own) if (other && isOver) this.#own.delete(other);
    const known = this.#own.get(response);
    if (known) return known;
    const output = new AudioOutput(this.#options);
    this.#own.set(response, output);
    for (const chunk of this.main.remove(response.id)) output.push(chunk);
    response.done.then(() => output.end());
    return output;
  }

  /**
   * Hands a piece to the output of its response. When more than `maxUnheardMs` wait in all of them, the one with the most
   * lets it go and ends in a `QuotaExceededError`.
   */
  push(chunk: AudioChunk): void {
    const { maxUnheardMs, onOverflow } = this.#options;
    const [, own] = [...this.#own].find(([response]) => response?.id === chunk.responseId) ?? [];
    (own ?? this.main).push(chunk);
    let sumMs = 0;
    let fullest = this.main;
    for (const output of this.all) {
      sumMs += output.waitingMs;
      if (output.waitingMs > fullest.waitingMs) fullest = output;
    }
    if (sumMs <= maxUnheardMs) return;
    const error = new DOMException(
      `Cannot keep the model's audio as more than ${maxUnheardMs} ms of it wait for a reader`,
      "QuotaExceededError",
    );
    fullest.fail(error);
    onOverflow(error);
  }

  /** Every output. */
  get all(): readonly AudioOutput[] {
    return [...this.#own.values()];
  }
}
