// This module is browser compatible.
import { LazyMap } from "../../_internal/lazy_collections.ts";
import type { AudioChunk } from "../audio_chunk.ts";
import { Fifo } from "../../_media/fifo.ts";

/** The audio of one response that waits for the reader. */
class Lane extends Fifo<AudioChunk> {
  /** Whether all of it has arrived. */
  isComplete = false;
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

  /** The oldest piece of the current lane. Without one, all that waits is behind that lane. */
  get first(): AudioChunk | undefined {
    return this.#front?.peek();
  }

  /** Appends a piece to the lane of its response. */
  push(chunk: AudioChunk): void {
    this.#of(chunk.responseId).push(chunk);
    this.#count(1, chunk.durationMs);
  }

  /** Removes and returns the next piece. */
  shift(): AudioChunk | undefined {
    return this.#take(this.#front);
  }

  /** Records that a response is complete, by default every one. */
  complete(responseId?: string): void {
    for (const [id, lane] of this.#lanes) if (id === (responseId ?? id)) lane.isComplete = true;
  }

  /** Switches to the next lane; later audio of this one follows behind. */
  moveOn(): void {
    for (const [responseId, lane] of this.#lanes) {
      if (lane.size > 0) return;
      this.#lanes.delete(responseId);
    }
  }

  /** Removes and returns the pieces of a response. */
  remove(responseId: string): readonly AudioChunk[] {
    const lane = this.#lanes.get(responseId);
    const chunks: AudioChunk[] = [];
    while (lane?.size) chunks.push(this.#take(lane)!);
    this.#lanes.delete(responseId);
    return chunks;
  }

  /** Drops everything. */
  clear(): void {
    this.#lanes.clear();
    this.size = this.waitingMs = 0;
  }

  get #front(): Lane | undefined {
    for (const [responseId, lane] of this.#lanes) {
      if (lane.size > 0 || !lane.isComplete) return lane;
      this.#lanes.delete(responseId);
    }
    return undefined;
  }

  #take(lane: Lane | undefined): AudioChunk | undefined {
    const chunk = lane?.shift();
    if (chunk) this.#count(-1, -chunk.durationMs);
    return chunk;
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
