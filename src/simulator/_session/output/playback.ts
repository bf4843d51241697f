// This module is browser compatible.
import type { Clock } from "../../../_internal/clock.ts";
import { SAMPLES_PER_MS } from "../input/audio_codec.ts";
import type { Conversation } from "../conversation/conversation.ts";
import type { Outgoing } from "../outbox.ts";

/** Milliseconds that the caller hears at a time, as in a packet of RTP. */
const FRAME_MS = 20;
const FRAME_SAMPLES = FRAME_MS * SAMPLES_PER_MS;

/** Dependencies of {@linkcode Playback}. */
export interface PlaybackOptions {
  /** Source of time: audio is played in real time, regardless of the pace at which it is generated. */
  readonly clock: Clock;
  /** The conversation, whose messages are truncated to the heard part. */
  readonly conversation: Conversation;
  /** Sends an event. */
  readonly emit: (event: Outgoing) => void;
  /** Called with the audio that the caller hears, 24 kHz mono. */
  readonly play: (samples: Int16Array) => void;
}

/** A message that is played. */
interface Playing {
  readonly itemId: string;
  readonly pieces: Int16Array[];
  heardSamples: number;
}

/** The output audio buffer of a call: speech of the model that the caller has not heard yet. */
export class Playback {
  readonly #options: PlaybackOptions;
  /** By response id: the first is playing, the others wait. */
  readonly #responses = new Map<string, Playing[]>();
  /** Responses of which nothing more will be played: those that have ended, and those that were cut. */
  readonly #ended = new Set<string>();
  #startedId: string | undefined;
  #lastId: string | undefined;
  #dueMs = 0;
  #cancelTick: (() => void) | undefined;

  constructor(options: PlaybackOptions) {
    this.#options = options;
  }

  /** Milliseconds that the caller has not heard yet. */
  get unheardMs(): number {
    const pieces = [...this.#responses.values()].flat().flatMap((playing) => playing.pieces);
    return pieces.reduce((sum, { length }) => sum + length, 0) / SAMPLES_PER_MS;
  }

  /** Adds audio of the model. */
  add(responseId: string, itemId: string, samples: Int16Array): void {
    if (this.#ended.has(responseId)) return;
    const items = this.#responses.get(responseId) ?? [];
    this.#responses.set(responseId, items);
    const last = items.at(-1);
    if (last?.itemId === itemId) last.pieces.push(samples);
    else items.push({ itemId, pieces: [samples], heardSamples: 0 });
    this.#begin();
    this.#keepTime();
  }

  /** A response has ended: it stops playing when all of it was heard. */
  finish(responseId: string): void {
    if (this.#responses.has(responseId)) {
      this.#ended.add(responseId);
      this.#keepTime();
    } else {
      this.#ended.delete(responseId);
    }
  }

  /** Discards unheard audio, because the user speaks. Messages are truncated to the heard part. */
  clear(): void {
    const startedId = this.#startedId;
    if (startedId === undefined) return;
    const unheard = [...this.#responses.values()].flat().filter(({ pieces }) => pieces.length > 0);
    for (const responseId of this.#responses.keys()) {
      // An active response produces no more audio.
      if (!this.#ended.delete(responseId)) this.#ended.add(responseId);
    }
    this.#responses.clear();
    this.#startedId = undefined;
    this.stop();
    this.#options.emit({ type: "output_audio_buffer.cleared", response_id: startedId });
    for (const { heardSamples, itemId } of unheard) this.#cut(itemId, Math.floor(heardSamples / SAMPLES_PER_MS));
  }

  /** The same, on request of the client: it is answered even if nothing is playing. */
  clearOnDemand(): void {
    if (this.#startedId !== undefined) this.clear();
    else if (this.#lastId !== undefined) {
      this.#options.emit({ type: "output_audio_buffer.cleared", response_id: this.#lastId });
    }
  }

  /** Stops without sending an event. */
  stop(): void {
    this.#cancelTick?.();
    this.#cancelTick = undefined;
  }

  /** Starts playing the first response, unless it is already playing. */
  #begin(): void {
    const [front] = this.#responses.keys();
    if (front === undefined || front === this.#startedId) return;
    this.#startedId = front;
    this.#lastId = front;
    this.#options.emit({ type: "output_audio_buffer.started", response_id: front });
  }

  #keepTime(): void {
    if (this.#cancelTick) return;
    this.#dueMs = this.#options.clock.now();
    this.#schedule();
  }

  /** Each frame is due at a time that counts from the first one, so that delays do not add up. */
  #schedule(): void {
    const { clock } = this.#options;
    this.#dueMs += FRAME_MS;
    this.#cancelTick = clock.schedule(() => {
      this.#cancelTick = undefined;
      if (this.#playFrame()) this.#schedule();
    }, Math.max(0, this.#dueMs - clock.now()));
  }

  /** Plays a frame, or ends the first response. Returns whether anything is left. */
  #playFrame(): boolean {
    const responseId = this.#startedId;
    const items = responseId === undefined ? undefined : this.#responses.get(responseId);
    if (responseId === undefined || !items) return false;
    const frame = takeFrame(items);
    if (frame) {
      this.#options.play(frame);
      return true;
    }
    // The model has fallen behind: its next audio, or its end, continues from here.
    if (!this.#ended.delete(responseId)) return false;
    this.#responses.delete(responseId);
    this.#startedId = undefined;
    this.#options.emit({ type: "output_audio_buffer.stopped", response_id: responseId });
    this.#begin();
    return this.#responses.size > 0;
  }

  #cut(itemId: string, endMs: number): void {
    const entry = this.#options.conversation.find(itemId);
    if (!entry) return;
    entry.truncate(endMs);
    this.#options.emit({
      type: "conversation.item.truncated",
      item_id: itemId,
      content_index: 0,
      audio_end_ms: endMs,
    });
  }
}

/** Removes and returns a frame from the front, padded with silence; `undefined` when nothing is left. */
function takeFrame(items: readonly Playing[]): Int16Array | undefined {
  const frame = new Int16Array(FRAME_SAMPLES);
  let filled = 0;
  for (const item of items) {
    for (let piece = item.pieces[0]; piece && filled < frame.length; piece = item.pieces[0]) {
      const part = piece.subarray(0, frame.length - filled);
      frame.set(part, filled);
      filled += part.length;
      item.heardSamples += part.length;
      if (part.length === piece.length) item.pieces.shift();
      else item.pieces[0] = piece.subarray(part.length);
    }
  }
  return filled > 0 ? frame : undefined;
}
