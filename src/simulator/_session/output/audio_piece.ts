// This module is browser compatible.
import {
  type AudioEncoding,
  createResampler,
  encodeG711,
  float32ToPcm16,
  type G711Encoding,
  toBytes,
} from "../../../audio/mod.ts";
import type { Speech } from "../../_speech/speech_voice.ts";
import { SAMPLES_PER_MS, samplesPerMsOf } from "../input/audio_codec.ts";
import { AudioTape } from "../input/audio_tape.ts";
import { inParts } from "./spoken_audio.ts";

/** Milliseconds of audio in the first delta, and in the others. */
const FIRST_DELTA_MS = 100;
const DELTA_MS = 200;

/** The content of one delta, as it is stored and as it is sent. */
export interface AudioPiece {
  /** 24 kHz mono. */
  readonly samples: Int16Array;
  /** The same in the encoding of the response. */
  readonly bytes: Uint8Array;
}

/** Tells into how many pieces audio is cut. */
export function countPieces({ length }: Speech): number {
  if (length === 0) return 0;
  return 1 + Math.ceil(Math.max(0, length / SAMPLES_PER_MS - FIRST_DELTA_MS) / DELTA_MS);
}

/** Cuts audio into the pieces of deltas, which are created on demand. */
export function* cutAudio({ chunks }: Speech, encoding: AudioEncoding): Generator<AudioPiece> {
  const kept = new AudioTape(SAMPLES_PER_MS, 0);
  const isPcm = encoding === "audio/pcm";
  const wire = isPcm ? pcmWire(kept) : g711Wire(encoding);
  let [startMs, endMs] = [0, FIRST_DELTA_MS];
  const nextPiece = (): AudioPiece => {
    const samples = kept.take(startMs, endMs);
    const piece = { samples, bytes: wire.take(samples, startMs, endMs) };
    [startMs, endMs] = [endMs, endMs + DELTA_MS];
    return piece;
  };
  for (const chunk of isPcm ? chunks : inParts(chunks)) {
    kept.append(chunk);
    wire.append(chunk);
    while (wire.endMs() >= endMs) yield nextPiece();
  }
  wire.end();
  while (startMs < kept.endMs) yield nextPiece();
}

/** Audio as it is sent, which may lag behind its source. */
interface Wire {
  append(samples: Int16Array): void;
  end(): void;
  endMs(): number;
  take(samples: Int16Array, fromMs: number, toMs: number): Uint8Array;
}

function pcmWire(kept: AudioTape): Wire {
  return { append() {}, end() {}, endMs: () => kept.endMs, take: toBytes };
}

function g711Wire(encoding: G711Encoding): Wire {
  const tape = new AudioTape(samplesPerMsOf(encoding), 0);
  const resampler = createResampler({ from: 24_000, to: 8000 });
  return {
    append: (samples) => tape.append(float32ToPcm16(resampler.push(samples))),
    end: () => tape.append(float32ToPcm16(resampler.flush())),
    endMs: () => tape.endMs,
    take: (_samples, fromMs, toMs) => encodeG711(tape.take(fromMs, toMs), encoding),
  };
}
