// This module is browser compatible.
import { bytesToMs, createPcmAligner, decodeBase64, msToBytes, type PcmAligner, toBytes } from "../audio/mod.ts";
import { evictOldest } from "../_internal/evict_oldest.ts";
import { at, numberAt, stringAt, type WireEvent } from "../_internal/wire.ts";
import type { EffectiveAudioFormat } from "../protocol/mod.ts";
import { audioLayout } from "./_audio_layout.ts";
import type { AudioChunk } from "./audio_chunk.ts";

/** Longest piece that is handed on, in milliseconds: fine enough to stop within, coarse enough to be cheap. */
const MAX_PIECE_MS = 40;

/** How many items are remembered that were not said to be complete. */
const MAX_ITEMS = 64;

interface ItemState {
  readonly aligner: PcmAligner;
  startMs: number;
}

/** Reads audio deltas: base64 to bytes, whole samples only, in pieces of at most 40 ms that know where they belong. */
export class SpeechReader {
  readonly #items = new Map<string, ItemState>();
  readonly #formats = new Map<string, unknown>();

  /** Notes the format of a response: it may have one of its own, and keeps it when the session's is changed. */
  begin(event: WireEvent): void {
    this.#formats.set(stringAt(event, "response", "id") ?? "", at(event, "response", "audio", "output", "format"));
    evictOldest(this.#formats, MAX_ITEMS);
  }

  /**
   * The pieces of one `response.output_audio.delta`.
   *
   * @throws {SyntaxError} when it is not base64.
   */
  read(event: WireEvent, format: EffectiveAudioFormat | null | undefined): AudioChunk[] {
    const itemId = stringAt(event, "item_id") ?? "";
    const responseId = stringAt(event, "response_id") ?? "";
    const layout = audioLayout((this.#formats.get(responseId) ?? format) as EffectiveAudioFormat | null | undefined);
    const outputIndex = numberAt(event, "output_index");
    const contentIndex = numberAt(event, "content_index");
    let state = this.#items.get(itemId);
    if (!state) this.#items.set(itemId, state = { aligner: createPcmAligner(), startMs: 0 });
    evictOldest(this.#items, MAX_ITEMS);
    const decoded = decodeBase64(stringAt(event, "delta") ?? "");
    const bytes = layout.format === "audio/pcm"
      ? toBytes(state.aligner.push(decoded) as Int16Array<ArrayBuffer>)
      : decoded;
    const pieces: AudioChunk[] = [];
    const pieceBytes = msToBytes(MAX_PIECE_MS, layout);
    for (let offset = 0; offset < bytes.length; offset += pieceBytes) {
      // In memory of its own, as whoever gets it may transfer that.
      const piece = bytes.slice(offset, offset + pieceBytes);
      const durationMs = bytesToMs(piece.length, layout);
      pieces.push({ itemId, responseId, outputIndex, contentIndex, startMs: state.startMs, durationMs, bytes: piece });
      state.startMs += durationMs;
    }
    return pieces;
  }

  /** Forgets an item: all of its audio has come. */
  end(itemId: string): void {
    this.#items.delete(itemId);
  }
}
