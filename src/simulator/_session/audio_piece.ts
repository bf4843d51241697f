// This module is browser compatible.
import { type AudioEncoding, msToBytes } from "../../audio/mod.ts";
import { encodeAudio, SAMPLES_PER_MS } from "./audio_codec.ts";

/** Milliseconds of audio in the first delta, and in the others. */
const FIRST_DELTA_MS = 100;
const DELTA_MS = 200;

/** What one delta carries, as it is kept and as it is sent. */
export interface AudioPiece {
  /** 24 kHz mono. */
  readonly samples: Int16Array;
  /** The same in the encoding of the response. */
  readonly bytes: Uint8Array;
}

/** Cuts audio into the pieces that deltas carry. */
export function cutAudio(samples: Int16Array, encoding: AudioEncoding): AudioPiece[] {
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
