// This module is browser compatible.
import { type AudioEncoding, encodeBase64, msToBytes } from "../../audio/mod.ts";
import type { AssistantMessageItem } from "../../protocol/mod.ts";
import type { PlannedMessage } from "../brain.ts";
import { synthesizeSpeech } from "../speech.ts";
import { encodeAudio, SAMPLES_PER_MS } from "./audio_codec.ts";
import type { ConversationEntry } from "./conversation.ts";
import { splitWords } from "./deltas.ts";
import { type ContentPlace, contentPlace, openMessage } from "./message_item.ts";
import type { OutputTrack, TrackHost } from "./output_track.ts";
import { modelAudioTokens, textTokens, type TokenCount } from "./usage.ts";

/** Milliseconds of audio in the first delta, and in the others. */
const FIRST_DELTA_MS = 100;
const DELTA_MS = 200;
/** Milliseconds of audio that are sent at once, before the time they take is waited for. */
const BURST_MS = 400;
/** Words that are sent before the first audio, and how much faster than the audio they go on. */
const WORDS_AHEAD = 4;
const WORDS_LEAD = 2;

/** A message that is spoken: its words run ahead of its audio. */
export class AudioTrack implements OutputTrack {
  readonly overlapsNext: boolean;
  readonly #host: TrackHost;
  readonly #outputIndex: number;
  readonly #plan: PlannedMessage;
  readonly #encoding: AudioEncoding;
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
    encoding: AudioEncoding,
  ) {
    this.#host = host;
    this.#outputIndex = outputIndex;
    this.#plan = plan;
    this.#encoding = encoding;
    this.#item = openMessage(itemId, plan);
    this.#place = contentPlace(host.responseId, itemId, outputIndex);
    this.overlapsNext = plan.phase === "commentary";
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
    const pieces = cut(this.#plan.audio ?? synthesizeSpeech(this.#plan.text), this.#encoding);
    let saidWords = 0;
    let burstMs = 0;
    for (let index = 0; index < Math.max(1, pieces.length); index++) {
      const piece = pieces[index];
      const heardPart = piece ? (index + 1) / pieces.length : 1;
      const wordsBy = WORDS_AHEAD + Math.ceil(words.length * heardPart * WORDS_LEAD);
      for (const delta of words.slice(saidWords, wordsBy)) {
        if (!this.#say(delta)) return false;
        saidWords++;
        yield 0;
      }
      if (!piece) continue;
      if (!this.#speak(piece)) return false;
      burstMs += piece.samples.length / SAMPLES_PER_MS;
      if (burstMs < BURST_MS) {
        yield 0;
      } else {
        yield burstMs;
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

  #speak({ samples, bytes }: AudioPiece): boolean {
    if (!this.#host.allows(this, this.#tokensWith("", samples.length))) return false;
    this.#sentSamples += samples.length;
    this.#entry?.addAudio(samples);
    this.#host.emit({ type: "response.output_audio.delta", ...this.#place, delta: encodeBase64(bytes) });
    return true;
  }

  #tokensWith(delta: string, samples: number): TokenCount {
    return {
      text: textTokens(this.#transcript + delta),
      audio: modelAudioTokens((this.#sentSamples + samples) / SAMPLES_PER_MS),
    };
  }
}

/** What one delta carries, as it is kept and as it is sent. */
interface AudioPiece {
  readonly samples: Int16Array;
  readonly bytes: Uint8Array;
}

/** Cuts audio into the pieces that deltas carry. */
function cut(samples: Int16Array, encoding: AudioEncoding): AudioPiece[] {
  const bytes = encodeAudio(samples, encoding);
  const durationMs = Math.ceil(samples.length / SAMPLES_PER_MS);
  const bytesPerMs = msToBytes(1, { format: encoding });
  const pieces: AudioPiece[] = [];
  for (let startMs = 0, endMs = FIRST_DELTA_MS; startMs < durationMs; startMs = endMs, endMs += DELTA_MS) {
    pieces.push({
      samples: samples.subarray(startMs * SAMPLES_PER_MS, endMs * SAMPLES_PER_MS),
      bytes: bytes.subarray(startMs * bytesPerMs, endMs * bytesPerMs),
    });
  }
  return pieces;
}
