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
import { hiddenField } from "../../_profiles/own_fields.ts";
import { audioError } from "../field_errors.ts";

/** Samples per millisecond of the audio inside the simulator: 24 kHz mono. */
export const SAMPLES_PER_MS = 24;

/** How audio looks on the wire: of the same encoding and rate there is one object. */
export interface WireAudio {
  /** How its samples are written. */
  readonly encoding: AudioEncoding;
  /** Samples per second. */
  readonly rate: number;
}

/** Linear PCM at 24 kHz, which all servers take. */
export const PCM_24: WireAudio = { encoding: "audio/pcm", rate: 24_000 };

/** Rates of linear PCM that other servers than OpenAI's take, too. */
export const OTHER_PCM_RATES: readonly number[] = [8000, 16_000, 22_050, 32_000, 44_100, 48_000];

const OTHERS: readonly WireAudio[] = [
  { encoding: "audio/pcmu", rate: 8000 },
  { encoding: "audio/pcma", rate: 8000 },
  ...OTHER_PCM_RATES.map((rate): WireAudio => ({ encoding: "audio/pcm", rate })),
];

/** The audio of a wire format; by default PCM at 24 kHz. */
export function wireAudioOf(format: EffectiveAudioFormat | null | undefined): WireAudio {
  const type = format?.type;
  const isPcm = type === "audio/pcm";
  const wireRate = hiddenField(format, "wireRate");
  return OTHERS.find(({ encoding, rate }) => encoding === type && (!isPcm || rate === wireRate)) ?? PCM_24;
}

/** Samples per millisecond on the wire. */
export function samplesPerMsOf({ rate }: WireAudio): number {
  return rate / 1000;
}

/** Reads audio that arrives piece by piece, at its own rate. */
export class AudioReader {
  readonly #encoding: AudioEncoding;
  readonly #aligner: PcmAligner = createPcmAligner();

  constructor({ encoding }: WireAudio) {
    this.#encoding = encoding;
  }

  /** The complete samples. */
  read(bytes: Uint8Array): Int16Array {
    return this.#encoding === "audio/pcm" ? this.#aligner.push(bytes) : decodeG711(bytes, this.#encoding);
  }
}

/**
 * Decodes base64 audio.
 *
 * @throws {ServerError} when the text is not base64; `param` is the field that contained it.
 */
export function decodeAudio(base64: string, param: string): Uint8Array {
  try {
    return decodeBase64(base64);
  } catch {
    throw audioError(param);
  }
}

/** Converts audio from its rate on the wire to 24 kHz. */
export function toKeptRate(samples: Int16Array, { rate }: WireAudio): Int16Array {
  return rate === PCM_24.rate ? samples : float32ToPcm16(resample(samples, { from: rate, to: PCM_24.rate }));
}

/** Encodes 24 kHz audio. */
export function encodeAudio(samples: Int16Array, wire: WireAudio): Uint8Array {
  if (wire === PCM_24) return toBytes(samples);
  return encodeSamples(float32ToPcm16(resample(samples, { from: PCM_24.rate, to: wire.rate })), wire);
}

/** Encodes audio that has the rate of the wire already. */
export function encodeSamples(samples: Int16Array, { encoding }: WireAudio): Uint8Array {
  return encoding === "audio/pcm" ? toBytes(samples) : encodeG711(samples, encoding);
}
