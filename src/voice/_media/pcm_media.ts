// This module is browser compatible.
import { stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { AudioChunk } from "../audio_chunk.ts";
import type { AudioOutputs } from "./audio_outputs.ts";
import { echoMs, type MediaOptions, type VoiceMedia } from "./media.ts";
import type { PlayoutPlace, PlayoutRecord } from "./playout_record.ts";

/** Options of {@linkcode PcmMedia}. */
export interface PcmMediaOptions extends MediaOptions {
  /** Destination of the model's audio. */
  outputs: AudioOutputs;
}

/**
 * Audio as samples: they arrive in events, and the reader of the outputs plays them, at our pace or with reports to us.
 */
export class PcmMedia implements VoiceMedia {
  isMuted = false;
  readonly #options: PcmMediaOptions;

  constructor(options: PcmMediaOptions) {
    this.#options = options;
  }

  get isSilent(): boolean {
    return this.isMuted || echoMs(this.#options) > 0;
  }

  play(chunk: AudioChunk, place: PlayoutPlace): void {
    const { outputs, records } = this.#options;
    records.receive(records.begin(place), chunk.durationMs);
    outputs.push(chunk);
  }

  receive(event: WireEvent): void {
    if (event.type === "response.done") this.#options.outputs.complete(stringAt(event.response, "id") ?? "");
  }

  sync(): void {
    this.#options.outputs.sync();
  }

  stop(): readonly PlayoutRecord[] {
    this.#options.outputs.clear();
    return this.#options.records.cut();
  }

  mute(isMuted: boolean): void {
    this.isMuted = isMuted;
  }

  /** Our own playback continues; no more audio of these responses arrives, which the next one would wait for. */
  drop(): void {
    this.#options.outputs.main.complete();
  }

  end(): void {
    this.#options.outputs.end();
  }
}
