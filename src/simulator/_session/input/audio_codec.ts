// This module is browser compatible.
import {
  type AudioEncoding,
  createPcmAligner,
  decodeBase64,
  decodeG711,
  encodeG711,
  float32ToPcm16,
  type PcmAligner,
  resample,
  toBytes,
} from "../../../audio/mod.ts";
import type { EffectiveAudioFormat } from "../../../protocol/mod.ts";
import { audioError } from "../field_errors.ts";

/** Samples per millisecond of the audio inside the simulator: 24 kHz mono. */
export const SAMPLES_PER_MS = 24;

const G711_SAMPLES_PER_MS = 8;

/** The encoding of a wire format; by default PCM. */
export function encodingOf(format: EffectiveAudioFormat | null | undefined): AudioEncoding {
  const type = format?.type;
  return type === "audio/pcmu" || type === "audio/pcma" ? type as AudioEncoding : "audio/pcm";
}

/** Samples per millisecond of an encoding. */
export function samplesPerMsOf(encoding: AudioEncoding): number {
  return encoding === "audio/pcm" ? SAMPLES_PER_MS : G711_SAMPLES_PER_MS;
}

/** Reads audio that arrives piece by piece, at the encoding's own rate. */
export class AudioReader {
  readonly #encoding: AudioEncoding;
  readonly #aligner: PcmAligner = createPcmAligner();

  constructor(encoding: AudioEncoding) {
    this.#encoding = encoding;
  }

  /** The samples that are complete. */
  read(bytes: Uint8Array): Int16Array {
    return this.#encoding === "audio/pcm" ? this.#aligner.push(bytes) : decodeG711(bytes, this.#encoding);
  }
}

/**
 * Decodes base64 audio.
 *
 * @throws {ServerError} when the text is not base64; `param` is the field that held it.
 */
export function decodeAudio(base64: string, param: string): Uint8Array {
  try {
    return decodeBase64(base64);
  } catch {
    throw audioError(param);
  }
}

/** Converts audio from an encoding's own rate to 24 kHz. */
export function toKeptRate(samples: Int16Array, encoding: AudioEncoding): Int16Array {
  return encoding === "audio/pcm" ? samples : float32ToPcm16(resample(samples, { from: 8000, to: 24000 }));
}

/** Encodes 24 kHz audio. */
export function encodeAudio(samples: Int16Array, encoding: AudioEncoding): Uint8Array {
  if (encoding === "audio/pcm") return toBytes(samples);
  return encodeG711(float32ToPcm16(resample(samples, { from: 24000, to: 8000 })), encoding);
}
