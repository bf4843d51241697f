// This module is browser compatible.
import { createPcmAligner, float32ToPcm16, type PcmChunk, toBytes } from "../audio/mod.ts";
import type { LiveAudioFormat } from "../protocol/mod.ts";
import type { AudioKit } from "../voice/mod.ts";

/** What the user's audio is like, and what converts it. */
export interface PcmEncoding {
  /** Samples per second of all PCM that comes in; `undefined`: the session's rate, and bytes are in its format. */
  readonly inputRate?: number | undefined;
  /** What converts between rates and formats. */
  readonly audioKit?: AudioKit | undefined;
}

/** Makes bytes in a session's format of audio that comes piece by piece. */
export type PcmEncoder = (chunk: PcmChunk) => Uint8Array;

/**
 * Makes an encoder.
 *
 * @throws {TypeError} when a conversion is asked for and there is nothing that converts.
 * @throws {RangeError} when `inputRate` is none that can be converted.
 */
export function createPcmEncoder({ rate, type }: LiveAudioFormat, { audioKit, inputRate }: PcmEncoding): PcmEncoder {
  const from = inputRate ?? rate;
  const needsKit = type !== "audio/pcm" || from !== rate;
  const assertKit = () => {
    if (!needsKit || audioKit) return;
    throw new TypeError(
      `Cannot convert samples at ${from} Hz to ${type} at ${rate} Hz as audioKit is missing: ` +
        "pass the module @oai-rt/edge/audio, or write encoded bytes",
    );
  };
  if (inputRate !== undefined) assertKit();
  const aligner = createPcmAligner();
  const resampler = from === rate ? undefined : audioKit?.createResampler({ from, to: rate });
  return (chunk) => {
    let samples: Int16Array | Float32Array;
    if (chunk instanceof Uint8Array) {
      if (inputRate === undefined && type !== "audio/pcm") return chunk;
      samples = aligner.push(chunk);
      if (inputRate === undefined) return toBytes(samples);
    } else if (chunk instanceof Int16Array || chunk instanceof Float32Array) {
      samples = chunk;
    } else {
      throw new TypeError("Cannot send audio as a chunk must be a Uint8Array, an Int16Array or a Float32Array");
    }
    assertKit();
    if (resampler) samples = resampler.push(samples);
    const pcm = samples instanceof Int16Array ? samples : float32ToPcm16(samples);
    return type === "audio/pcm" ? toBytes(pcm) : audioKit!.encodeG711(pcm, type);
  };
}
