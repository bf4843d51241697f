// This module is browser compatible.
import { LazyMap } from "../../_internal/lazy_collections.ts";
import type { ResponseHandle } from "../../session/mod.ts";
import type { AudioChunk } from "../audio_chunk.ts";
import { AudioOutput, type AudioOutputOptions } from "./audio_output.ts";

/** Options of {@linkcode AudioOutputs}. */
export interface AudioOutputsOptions extends AudioOutputOptions {
  /** Limit of the audio that waits for readers, in milliseconds. */
  maxUnheardMs: number;
  /** Called when an output ended because the limit was exceeded. */
  onOverflow(error: DOMException): void;
}

/** The model's audio: one output for all of it, except for responses with an output of their own. */
export class AudioOutputs {
  /** The output of every response without an output of its own. */
  readonly main: AudioOutput;
  readonly #options: AudioOutputsOptions;
  readonly #own = new LazyMap<ResponseHandle, AudioOutput>();

  constructor(options: AudioOutputsOptions) {
    this.#options = options;
    this.main = new AudioOutput(options);
  }

  /** The output of a single response; its waiting audio in the main output moves over. */
  of(response: ResponseHandle): AudioOutput {
    const known = this.#own.get(response);
    if (known) return known;
    for (const [over, { isOver }] of this.#own) if (isOver) this.#own.delete(over);
    const output = new AudioOutput(this.#options);
    this.#own.set(response, output);
    if (response.id !== undefined) this.main.move(response.id, output);
    response.done.then(() => output.end());
    return output;
  }

  /**
   * Appends a piece to the output of its response. When more than `maxUnheardMs` wait in all of them, the output with
   * the most drops its audio and ends with a `QuotaExceededError`.
   */
  push(chunk: AudioChunk): void {
    this.#find(chunk.responseId).push(chunk);
    const { maxUnheardMs, onOverflow } = this.#options;
    if (this.#waitingMs <= maxUnheardMs) return;
    const fullest = this.#all.reduce((most, output) => output.waitingMs > most.waitingMs ? output : most);
    const error = new DOMException(
      `Cannot keep the model's audio as more than ${maxUnheardMs} ms of it wait for a reader`,
      "QuotaExceededError",
    );
    fullest.fail(error);
    onOverflow(error);
  }

  /** Records that all audio of a response has arrived. */
  complete(responseId: string): void {
    this.#find(responseId).complete(responseId);
  }

  /** Updates the records to the current time. */
  sync(): void {
    this.main.sync();
    for (const output of this.#own.values()) output.sync();
  }

  /** Drops the waiting audio of all of them. */
  clear(): void {
    for (const output of this.#all) output.clear();
  }

  /** Ends all of them when the rest was heard. */
  end(): void {
    for (const output of this.#all) output.end();
  }

  get #all(): readonly AudioOutput[] {
    return [this.main, ...this.#own.values()];
  }

  /** A sum over the few outputs, not over their waiting pieces. */
  get #waitingMs(): number {
    let sum = this.main.waitingMs;
    for (const output of this.#own.values()) sum += output.waitingMs;
    return sum;
  }

  #find(responseId: string): AudioOutput {
    for (const [response, output] of this.#own) if (response.id === responseId) return output;
    return this.main;
  }
}
