// This module is browser compatible.
import type { AssistantMessageItem } from "../../../protocol/mod.ts";
import type { PlannedMessage } from "../../model/planned_output.ts";
import { SAMPLES_PER_MS, type WireAudio } from "../input/audio_codec.ts";
import { type AudioPiece, countPieces } from "./audio_piece.ts";
import { cutAudio } from "./cut_audio.ts";
import type { ConversationEntry } from "../conversation/conversation.ts";
import { splitWords } from "./deltas.ts";
import { type ContentPlace, contentPlace, openMessage } from "../conversation/message_item.ts";
import type { OutputTrack, TrackHost } from "./output_track.ts";
import { atSpeed, audioOf } from "./spoken_audio.ts";
import { modelAudioTokens, textTokens, type TokenCount } from "../usage.ts";

/** Audio that is sent at once, before its duration is waited for, in milliseconds. */
const BURST_MS = 400;
/** Number of words that are sent before the first audio, and their lead over the audio. */
const WORDS_AHEAD = 4;
const WORDS_LEAD = 2;

/** How a message is spoken. */
export interface AudioTrackOptions {
  /** The audio on the wire. */
  readonly wire: WireAudio;
  /** Speed of speech; 1 is the planned speed. */
  readonly speed: number;
}

/** A spoken message: its words are sent ahead of its audio. */
export class AudioTrack implements OutputTrack {
  readonly speaks = true;
  readonly overlapsNext: boolean;
  readonly #host: TrackHost;
  readonly #outputIndex: number;
  readonly #plan: PlannedMessage;
  readonly #options: AudioTrackOptions;
  readonly #item: AssistantMessageItem;
  readonly #place: ContentPlace;
  #entry: ConversationEntry | undefined;
  #transcript = "";
  #sentSamples = 0;

  constructor(
    host: TrackHost,
    outputIndex: number,
    itemId: string,
    plan: PlannedMessage,
    options: AudioTrackOptions,
  ) {
    this.#host = host;
    this.#outputIndex = outputIndex;
    this.#plan = plan;
    this.#options = options;
    this.#item = openMessage(itemId, plan);
    this.#place = contentPlace(host.responseId, itemId, outputIndex);
    this.overlapsNext = plan.phase === "commentary";
  }

  get isHeard(): boolean {
    return this.#sentSamples > 0;
  }

  get tokens(): TokenCount {
    return this.#tokensWith("", 0);
  }

  open(): void {
    this.#entry = this.#host.begin(this.#outputIndex, this.#item);
    this.#host.emit({ type: "response.content_part.added", ...this.#place, part: { type: "audio", transcript: "" } });
  }

  *stream(): Generator<number, boolean> {
    const words = splitWords(this.#plan.text);
    const { speed, wire } = this.#options;
    const speech = atSpeed(audioOf(this.#plan.text, this.#plan.audio), speed);
    const count = countPieces(speech);
    const pieces = cutAudio(speech, wire);
    let saidWords = 0;
    let burstMs = 0;
    for (let index = 0; index < Math.max(1, count); index++) {
      const heardPart = (index + 1) / Math.max(1, count);
      const wordsBy = WORDS_AHEAD + Math.ceil(words.length * heardPart * WORDS_LEAD);
      for (const delta of words.slice(saidWords, wordsBy)) {
        if (!this.#say(delta)) return false;
        saidWords++;
        yield 0;
      }
      const { done, value: piece } = pieces.next();
      if (done) continue;
      if (!this.#speak(piece)) return false;
      burstMs += piece.samples.length / SAMPLES_PER_MS;
      if (burstMs < BURST_MS) {
        yield 0;
      } else {
        yield this.#host.wait(burstMs);
        burstMs = 0;
      }
    }
    return true;
  }

  close(status: "completed" | "incomplete"): void {
    const entry = this.#entry;
    if (!entry) return;
    const transcript = this.#transcript;
    this.#host.emit({ type: "response.output_audio.done", ...this.#place });
    this.#host.emit({ type: "response.output_audio_transcript.done", ...this.#place, transcript });
    this.#host.emit({ type: "response.content_part.done", ...this.#place, part: { type: "audio", transcript } });
    const kept = entry.truncated ? "" : transcript;
    entry.item = { ...this.#item, status, content: [{ type: "output_audio", transcript: kept }] };
    this.#host.finish(this.#outputIndex, entry);
  }

  #say(delta: string): boolean {
    if (!this.#host.allows(this, this.#tokensWith(delta, 0))) return false;
    this.#transcript += delta;
    this.#host.emit({ type: "response.output_audio_transcript.delta", ...this.#place, delta });
    return true;
  }

  #speak(piece: AudioPiece): boolean {
    const { samples } = piece;
    if (!this.#host.allows(this, this.#tokensWith("", samples.length))) return false;
    this.#sentSamples += samples.length;
    this.#entry?.addAudio(samples);
    this.#host.emitAudio(this.#place, piece);
    return true;
  }

  #tokensWith(delta: string, samples: number): TokenCount {
    return {
      text: textTokens(this.#transcript + delta),
      audio: modelAudioTokens((this.#sentSamples + samples) / SAMPLES_PER_MS),
    };
  }
}
