// This module is browser compatible.
import { stringAt } from "../../_internal/wire.ts";
import type { Fields } from "./frame_shape.ts";

/** A spoken message that is being sent. */
interface Spoken {
  /** The words that are spoken: the event that sent them. */
  rid: unknown;
  /** Its audio so far. */
  audioMs: number;
}

/** The measurements that xAI adds to deltas of audio and of its words, as recorded. */
export class XaiMeasurements {
  readonly #unixTime: () => number;
  #startedMs = 0;
  #itemId: unknown;
  #spoken: Spoken = { rid: undefined, audioMs: 0 };

  /** @param unixTime Unix time in milliseconds. */
  constructor(unixTime: () => number) {
    this.#unixTime = unixTime;
  }

  /** A response has begun: its latency counts from here. */
  begin(): void {
    this.#startedMs = this.#unixTime();
  }

  /** The fields of a delta of words: where they begin in the audio, in seconds. */
  ofWords(delta: Fields): Fields {
    const spoken = this.#spokenIn(delta);
    spoken.rid = stringAt(delta, "event_id");
    return { rid: spoken.rid, start_time: Math.round(spoken.audioMs / 10) / 100 };
  }

  /** The fields of a delta of audio, which belongs to the words before it; the first of a message has its latency. */
  ofAudio(delta: Fields, audioMs: number): Fields {
    const spoken = this.#spokenIn(delta);
    const nowMs = this.#unixTime();
    const latency = spoken.audioMs === 0 ? { latency: ((nowMs - this.#startedMs) / 1000).toFixed(2) } : {};
    spoken.audioMs += audioMs;
    return { rid: spoken.rid, ...latency, audio_duration_ms: Math.round(audioMs), ts: Math.round(nowMs) };
  }

  #spokenIn({ event_id, item_id }: Fields): Spoken {
    if (item_id !== this.#itemId) {
      this.#itemId = item_id;
      this.#spoken = { rid: event_id, audioMs: 0 };
    }
    return this.#spoken;
  }
}
