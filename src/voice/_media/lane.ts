// This module is browser compatible.
import { LazyMap } from "../../_internal/lazy_collections.ts";
import type { AudioChunk } from "../audio_chunk.ts";
import { Fifo } from "../../_media/fifo.ts";

/** The audio of one response that waits for the reader. */
export class Lane {
  /** Audio that waits, in milliseconds. */
  waitingMs = 0;
  /** Whether no more will come. */
  isComplete = false;
  readonly #pieces = new Fifo<AudioChunk>();

  /** How many pieces wait. */
  get size(): number {
    return this.#pieces.size;
  }

  /** The piece that waits longest. */
  get first(): AudioChunk | undefined {
    return this.#pieces.peek();
  }

  /** Adds a piece at the end. */
  push(chunk: AudioChunk): void {
    this.#pieces.push(chunk);
    this.waitingMs += chunk.durationMs;
  }

  /** Takes the piece that waits longest. */
  shift(): AudioChunk | undefined {
    const chunk = this.#pieces.shift();
    this.waitingMs = chunk && this.#pieces.size > 0 ? this.waitingMs - chunk.durationMs : 0;
    return chunk;
  }
}

/**
 * The audio of several responses, one after the other: the next one begins when all of the one before it has been taken
 * and no more of it will come.
 */
export class Lanes {
  /** Audio that waits in all of them, in milliseconds. */
  waitingMs = 0;
  /** How many pieces wait in all of them. */
  size = 0;
  /** By response id, in the order in which they began. */
  readonly #lanes = new LazyMap<string, Lane>();

  /** The lane whose turn it is. */
  get front(): Lane | undefined {
    for (const [responseId, lane] of this.#lanes) {
      if (lane.first || !lane.isComplete) return lane;
      this.#lanes.delete(responseId);
    }
    return undefined;
  }

  /** Whether audio waits behind the lane whose turn it is. */
  get isBlocked(): boolean {
    return this.size > 0 && this.front?.first === undefined;
  }

  /** Adds a piece to the lane of its response. */
  push(chunk: AudioChunk): void {
    this.#of(chunk.responseId).push(chunk);
    this.#count(1, chunk.durationMs);
  }

  /** Takes the next piece. */
  shift(): AudioChunk | undefined {
    const chunk = this.front?.shift();
    if (chunk) this.#count(-1, -chunk.durationMs);
    return chunk;
  }

  /** Notes that no more will come of a response. */
  complete(responseId: string): void {
    const lane = this.#lanes.get(responseId);
    if (lane) lane.isComplete = true;
  }

  /** Lets the next lane have its turn; what still comes of this one follows behind. */
  moveOn(): void {
    for (const [responseId, lane] of this.#lanes) {
      if (lane.first) return;
      this.#lanes.delete(responseId);
    }
  }

  /** Takes the lane of a response out. */
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

  /** Keeps the sums; rounding must not leave a trace of what is gone. */
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
