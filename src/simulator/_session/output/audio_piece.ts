// This module is browser compatible.
import { createResampler, encodeBase64, float32ToPcm16, toBytes } from "../../../audio/mod.ts";
import type { Speech } from "../../_speech/speech_voice.ts";
import { encodeSamples, PCM_24, SAMPLES_PER_MS, samplesPerMsOf, type WireAudio } from "../input/audio_codec.ts";
import { SampleQueue } from "./sample_queue.ts";
import { inParts } from "./spoken_audio.ts";

/** Milliseconds of audio in the first delta, and in the others. */
const FIRST_DELTA_MS = 100;
const DELTA_MS = 200;

/** The content of one delta, as it is stored and as it is sent. */
export class AudioPiece {
  /** 24 kHz mono. */
  readonly samples: Int16Array;
  /** The same as the response carries it. */
  readonly bytes: Uint8Array;
  #base64: string | undefined;

  constructor(samples: Int16Array, bytes: Uint8Array) {
    this.samples = samples;
    this.bytes = bytes;
  }

  /** The bytes as an event carries them, encoded once. */
  get base64(): string {
    return this.#base64 ??= encodeBase64(this.bytes);
  }
}

/** Returns the number of pieces into which audio is cut. */
export function countPieces({ length }: Speech): number {
  if (length === 0) return 0;
  return 1 + Math.ceil(Math.max(0, length / SAMPLES_PER_MS - FIRST_DELTA_MS) / DELTA_MS);
}

/** Cuts chunks of audio into the pieces of deltas, which are created on demand. */
export function* cutChunks({ chunks }: Speech, format: WireAudio): Generator<AudioPiece, void> {
  const kept = new SampleQueue();
  const isKept = format === PCM_24;
  const wire = isKept ? keptWire(kept) : otherWire(format);
  let pieceMs = FIRST_DELTA_MS;
  const nextPiece = (): AudioPiece => {
    const samples = kept.take(pieceMs * SAMPLES_PER_MS);
    const piece = new AudioPiece(samples, wire.take(samples, pieceMs));
    pieceMs = DELTA_MS;
    return piece;
  };
  for (const chunk of isKept ? chunks : inParts(chunks)) {
    kept.append(chunk);
    wire.append(chunk);
    while (wire.lengthMs() >= pieceMs) yield nextPiece();
  }
  wire.end();
  while (kept.length > 0) yield nextPiece();
}

/** Audio to be sent, which may lag behind its source. */
interface Wire {
  append(samples: Int16Array): void;
  end(): void;
  lengthMs(): number;
  take(samples: Int16Array, ms: number): Uint8Array;
}

function keptWire(kept: SampleQueue): Wire {
  return { append() {}, end() {}, lengthMs: () => kept.length / SAMPLES_PER_MS, take: toBytes };
}

function otherWire(format: WireAudio): Wire {
  const samplesPerMs = samplesPerMsOf(format);
  const queue = new SampleQueue();
  const resampler = createResampler({ from: PCM_24.rate, to: format.rate });
  return {
    append: (samples) => queue.append(float32ToPcm16(resampler.push(samples))),
    end: () => queue.append(float32ToPcm16(resampler.flush())),
    lengthMs: () => queue.length / samplesPerMs,
    take: (_samples, ms) => encodeSamples(queue.take(ms * samplesPerMs), format),
  };
}
