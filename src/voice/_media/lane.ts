// This module is browser compatible.
import { LazyMap } from "../../_internal/lazy_collections.ts";
import type { AudioChunk } from "../audio_chunk.ts";
import { Fifo } from "../../_media/fifo.ts";

/** The audio of one response that waits for the reader. */
export class Lane {
  /** Audio that waits, in milliseconds. */
  waitingMs = 0;
  /** Whether all of it has arrived. */
  isComplete = false;
  readonly #pieces = new Fifo<AudioChunk>();

  /** Number of waiting pieces. */
  get size(): number {
    return this.#pieces.size;
  }

  /** The oldest waiting piece. */
  get first(): AudioChunk | undefined {
    return this.#pieces.peek();
  }

  /** Appends a piece. */
  push(chunk: AudioChunk): void {
    this.#pieces.push(chunk);
    this.waitingMs += chunk.durationMs;
  }

  /** Removes and returns the oldest waiting piece. */
  shift(): AudioChunk | undefined {
    const chunk = this.#pieces.shift();
    this.waitingMs = chunk && this.#pieces.size > 0 ? this.waitingMs - chunk.durationMs : 0;
    return chunk;
  }
}

/**
 * The audio of several responses, one after the other: the next one begins when the one before it is complete and all
 * of it has been taken.
 */
export class Lanes {
  /** Audio that waits in all of them, in milliseconds. */
  waitingMs = 0;
  /** Number of pieces that wait in all of them. */
  size = 0;
  /** By response id, in the order in which they began. */
  readonly #lanes = new LazyMap<string, Lane>();

  /** The current lane. */
  get front(): Lane | undefined {
    for (const [responseId, lane] of this.#lanes) {
      if (lane.first || !lane.isComplete) return lane;
      this.#lanes.delete(responseId);
    }
    return undefined;
  }

  /** Whether audio waits behind the current lane. */
  get isBlocked(): boolean {
    return this.size > 0 && this.front?.first === undefined;
  }

  /** Appends a piece to the lane of its response. */
  push(chunk: AudioChunk): void {
    this.#of(chunk.responseId).push(chunk);
    this.#count(1, chunk.durationMs);
  }

  /** Removes and returns the next piece. */
  shift(): AudioChunk | undefined {
    const chunk = this.front?.shift();
    if (chunk) this.#count(-1, -chunk.durationMs);
    return chunk;
  }

  /** Records that a response is complete. */
  complete(responseId: string): void {
    const lane = this.#lanes.get(responseId);
    if (lane) lane.isComplete = true;
  }

  /** Switches to the next lane; later audio of this one follows behind. */
  moveOn(): void {
    for (const [responseId, lane] of this.#lanes) {
      if (lane.first) return;
      this.#lanes.delete(responseId);
    }
  }

  /** Removes the lane of a response. */
  remove(responseId: string): Lane | undefined {
    const lane = this.#lanes.get(responseId);
    this.#lanes.delete(responseId);
    if (lane) this.#count(-lane.size, -lane.waitingMs);
    return lane;
  }

  /** Drops everything. */
  clear(): void {
    this.#lanes.clear();
    this.#count(-this.size, -this.waitingMs);
  }

  /** Updates the sums; rounding must not leave a remainder of removed audio. */
  #count(pieces: number, ms: number): void {
    this.size += pieces;
    this.waitingMs = this.size === 0 ? 0 : this.waitingMs + ms;
  }

  #of(responseId: string): Lane {
    let lane = this.#lanes.get(responseId);
    if (!lane) this.#lanes.set(responseId, lane = new Lane());
    return lane;
  }
}
