// This module is browser compatible.
import { stringAt } from "../../_internal/wire.ts";
import type { Fields } from "./frame_shape.ts";

/** A response that is being sent, and the message of it that is being spoken. */
interface Spoken {
  /** The beginning of the response. */
  readonly startedMs: number;
  /** The message. */
  itemId: unknown;
  /** The words that are spoken: the event that sent them. */
  rid: unknown;
  /** Its audio so far. */
  audioMs: number;
}

/** The measurements that xAI adds to deltas of audio and of its words, as recorded. */
export class XaiMeasurements {
  readonly #unixTime: () => number;
  /** By the ids of the responses: those out of band are sent at the same time as others. */
  readonly #spoken = new Map<unknown, Spoken>();

  /** @param unixTime Unix time in milliseconds. */
  constructor(unixTime: () => number) {
    this.#unixTime = unixTime;
  }

  /** A response has begun: its latency counts from here. */
  begin(responseId: unknown): void {
    this.#spoken.set(responseId, { startedMs: this.#unixTime(), itemId: undefined, rid: undefined, audioMs: 0 });
  }

  /** A response has ended. */
  end(responseId: unknown): void {
    this.#spoken.delete(responseId);
  }

  /** The fields of a delta of words: where they begin in the audio, in seconds. */
  ofWords(delta: Fields): Fields {
    const spoken = this.#spokenIn(delta);
    if (!spoken) return {};
    spoken.rid = stringAt(delta, "event_id");
    return { rid: spoken.rid, start_time: Math.round(spoken.audioMs / 10) / 100 };
  }

  /** The fields of a delta of audio, which belongs to the words before it; the first of a message has its latency. */
  ofAudio(delta: Fields, audioMs: number): Fields {
    const spoken = this.#spokenIn(delta);
    if (!spoken) return {};
    const nowMs = this.#unixTime();
    const latency = spoken.audioMs === 0 ? { latency: ((nowMs - spoken.startedMs) / 1000).toFixed(2) } : {};
    spoken.audioMs += audioMs;
    return { rid: spoken.rid, ...latency, audio_duration_ms: Math.round(audioMs), ts: Math.round(nowMs) };
  }

  #spokenIn({ event_id, item_id, response_id }: Fields): Spoken | undefined {
    const spoken = this.#spoken.get(response_id);
    if (spoken && spoken.itemId !== item_id) Object.assign(spoken, { itemId: item_id, rid: event_id, audioMs: 0 });
    return spoken;
  }
}
