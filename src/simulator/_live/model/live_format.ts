// This module is browser compatible.
import {
  createResampler,
  decodeBase64,
  decodeG711,
  encodeG711,
  float32ToPcm16,
  toBytes,
  toInt16,
} from "../../../audio/mod.ts";
import type { LiveAudioFormat } from "../../../protocol/mod.ts";
import { ServerError } from "../../_errors/server_error.ts";

/** Samples per second at which the simulator hears, speaks and records. */
export const LIVE_RATE = 24_000;

/** Reads the audio of a client, at the rate of its format. */
export interface LiveAudioReader {
  /** Samples per second. */
  readonly rate: number;
  /** @throws {ServerError} when the text is not base64, or ends within a sample. */
  read(base64: string): Int16Array;
}

/** Creates a reader of audio in a format. */
export function liveAudioReader({ type, rate }: LiveAudioFormat): LiveAudioReader {
  return {
    rate,
    read(base64) {
      let bytes: Uint8Array;
      try {
        bytes = decodeBase64(base64);
      } catch {
        throw new ServerError("Invalid 'audio'. Expected base64-encoded audio bytes.", {
          code: "invalid_value",
          param: "audio",
        });
      }
      if (type !== "audio/pcm") return decodeG711(bytes, type);
      if (bytes.length % 2 === 0) return toInt16(bytes).slice();
      throw new ServerError("Invalid 'audio'. Expected whole 16-bit samples.", {
        code: "invalid_value",
        param: "audio",
      });
    },
  };
}

/** Creates a resampler for audio in pieces, with the same duration in and out. */
export function liveResampler(from: number, to: number): (samples: Int16Array) => Int16Array {
  if (from === to) return (samples) => samples;
  const resampler = createResampler({ from, to });
  // Samples that the filter holds back are replaced by silence once, at the beginning.
  let waiting = new Int16Array(Math.ceil(resampler.latencyMs * to / 1000) + 1);
  return (samples) => {
    const ready = float32ToPcm16(resampler.push(samples));
    const all = new Int16Array(waiting.length + ready.length);
    all.set(waiting);
    all.set(ready, waiting.length);
    const wanted = Math.round(samples.length * to / from);
    waiting = all.slice(wanted);
    return all.slice(0, wanted);
  };
}

/** Creates an encoder of 24 kHz samples to a format. */
export function liveAudioWriter({ type, rate }: LiveAudioFormat): (samples: Int16Array) => Uint8Array {
  const resample = liveResampler(LIVE_RATE, rate);
  return (samples) => type === "audio/pcm" ? toBytes(resample(samples)) : encodeG711(resample(samples), type);
}
