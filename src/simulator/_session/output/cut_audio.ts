// This module is browser compatible.
import type { Speech } from "../../_speech/speech_voice.ts";
import { SAMPLES_PER_MS, type WireAudio } from "../input/audio_codec.ts";
import { type AudioPiece, cutChunks } from "./audio_piece.ts";

/** Samples of the longest recording with cached pieces, a minute: their base64 takes more memory than the recording. */
const MAX_KEPT = 60_000 * SAMPLES_PER_MS;

/** Pieces of recordings, by their samples. */
const kept = new WeakMap<Int16Array, Map<WireAudio, KeptPieces>>();

/**
 * Cuts audio into the pieces of deltas, which are created on demand. The pieces of a recording are created once and shared
 * by all sessions that play it.
 */
export function cutAudio(speech: Speech, wire: WireAudio): Iterator<AudioPiece, void> & Iterable<AudioPiece> {
  const { recording } = speech;
  if (!recording || recording.length > MAX_KEPT) return cutChunks(speech, wire);
  const byWire = kept.get(recording) ?? new Map<WireAudio, KeptPieces>();
  kept.set(recording, byWire);
  const pieces = byWire.get(wire) ?? new KeptPieces(cutChunks(speech, wire));
  byWire.set(wire, pieces);
  return pieces.play();
}

/** Pieces of a recording, created when they are first played. */
class KeptPieces {
  readonly #made: AudioPiece[] = [];
  readonly #rest: Iterator<AudioPiece, void>;

  constructor(rest: Iterator<AudioPiece, void>) {
    this.#rest = rest;
  }

  *play(): Generator<AudioPiece, void> {
    for (let index = 0;; index++) {
      const piece = this.#made[index] ?? this.#make();
      if (!piece) return;
      yield piece;
    }
  }

  #make(): AudioPiece | undefined {
    const { done, value: piece } = this.#rest.next();
    if (done) return undefined;
    this.#made.push(piece);
    return piece;
  }
}
