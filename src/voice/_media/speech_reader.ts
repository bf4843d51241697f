// This module is browser compatible.
import { LazyMap } from "../../_internal/lazy_collections.ts";
import { createPcmAligner, decodeBase64, type PcmAligner, toBytes } from "../../audio/mod.ts";
import { evictOldest } from "../../_internal/evict_oldest.ts";
import { asString, at, numberAt, stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { EffectiveAudioFormat } from "../../protocol/mod.ts";
import type { AudioChunk } from "../audio_chunk.ts";
import { audioLayout, bytesOfMs, msOfBytes, type WireLayout } from "../../_media/audio_layout.ts";

/** Number of incomplete items and responses that are remembered. */
const MAX_REMEMBERED = 64;

interface ItemState {
  /** From the first delta that ends within a sample. */
  aligner?: PcmAligner;
  startMs: number;
}

/** Reads audio deltas: converts base64 to whole samples, in pieces with their place. */
export class SpeechReader {
  readonly #items = new LazyMap<string, ItemState>();
  /** Layouts of responses with a format of their own. */
  readonly #formats = new LazyMap<string, WireLayout>();
  readonly #maxPieceMs: number;
  #sessionFormat: unknown;
  #sessionLayout = audioLayout(undefined);

  /** `maxPieceMs` is the longest piece; a shorter delta stays in one piece, in the memory it was decoded to. */
  constructor(maxPieceMs: number) {
    this.#maxPieceMs = maxPieceMs;
  }

  /** Records the format of a response: it may have one of its own, and keeps it when the session's changes. */
  begin(event: WireEvent): void {
    const format = at(event.response, "audio", "output", "format");
    if (!format) return;
    this.#formats.set(stringAt(event.response, "id") ?? "", audioLayout(format as EffectiveAudioFormat));
    evictOldest(this.#formats, MAX_REMEMBERED);
  }

  /**
   * The pieces of one `response.output_audio.delta`.
   *
   * @throws {SyntaxError} when it is not base64.
   */
  read(event: WireEvent, format: EffectiveAudioFormat | null | undefined): AudioChunk[] {
    const itemId = asString(event.item_id) ?? "";
    const responseId = asString(event.response_id) ?? "";
    const layout = this.#layoutOf(responseId, format);
    const outputIndex = numberAt(event, "output_index");
    const contentIndex = numberAt(event, "content_index");
    const state = this.#stateOf(itemId);
    const bytes = wholeSamples(decodeBase64(asString(event.delta) ?? ""), layout, state);
    const pieces: AudioChunk[] = [];
    for (const piece of this.#cut(bytes, layout)) {
      const durationMs = msOfBytes(piece.length, layout);
      pieces.push({ itemId, responseId, outputIndex, contentIndex, startMs: state.startMs, durationMs, bytes: piece });
      state.startMs += durationMs;
    }
    return pieces;
  }

  /** Forgets an item: all of its audio has arrived. */
  end(itemId: string): void {
    this.#items.delete(itemId);
  }

  #stateOf(itemId: string): ItemState {
    let state = this.#items.get(itemId);
    if (!state) {
      this.#items.set(itemId, state = { startMs: 0 });
      evictOldest(this.#items, MAX_REMEMBERED);
    }
    return state;
  }

  #layoutOf(responseId: string, format: EffectiveAudioFormat | null | undefined): WireLayout {
    const own = this.#formats.get(responseId);
    if (own) return own;
    if (format !== this.#sessionFormat) {
      this.#sessionFormat = format;
      this.#sessionLayout = audioLayout(format);
    }
    return this.#sessionLayout;
  }

  /** Cuts long audio into pieces of about equal length, each in newly allocated memory. */
  #cut(bytes: Uint8Array<ArrayBuffer>, layout: WireLayout): readonly Uint8Array<ArrayBuffer>[] {
    if (bytes.length === 0) return [];
    const ms = msOfBytes(bytes.length, layout);
    const count = Math.ceil(ms / this.#maxPieceMs);
    if (count <= 1) return [bytes];
    const pieceBytes = bytesOfMs(ms / count, layout);
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for (let index = 0; index < count; index++) {
      // The last piece takes the rounding remainder.
      const end = index === count - 1 ? bytes.length : (index + 1) * pieceBytes;
      pieces.push(bytes.slice(index * pieceBytes, end));
    }
    return pieces;
  }
}

/** The whole samples received so far; half a sample waits for its other half. */
function wholeSamples(bytes: Uint8Array<ArrayBuffer>, { format }: WireLayout, state: ItemState) {
  if (format !== "audio/pcm" || !state.aligner?.heldBytes && bytes.length % 2 === 0) return bytes;
  // Newly allocated memory, because the receiver may transfer it.
  return toBytes((state.aligner ??= createPcmAligner()).push(bytes).slice());
}
