// This module is browser compatible.
import { createPcmAligner, float32ToPcm16, type PcmChunk, toBytes } from "../audio/mod.ts";
import type { WireLayout } from "./audio_layout.ts";
import type { AudioKit } from "./audio_kit.ts";

/** What the user's audio is like, and what converts it. */
export interface InputEncoding {
  /** Samples per second of all PCM that comes in; `undefined`: 24 000, and bytes are in the session's format. */
  inputRate?: number | undefined;
  /** What converts between rates and formats. */
  audioKit?: AudioKit | undefined;
}

/** Makes bytes for the wire of audio that comes piece by piece. */
export interface InputEncoder {
  /** Takes the next piece and returns what is ready. */
  push(chunk: PcmChunk): Uint8Array;
  /** Returns the tail. */
  flush(): Uint8Array;
}

/**
 * Creates an encoder to a session's input format.
 *
 * @throws {TypeError} when a conversion was asked for and there is nothing that converts.
 * @throws {RangeError} when `inputRate` is none that can be converted.
 */
export function createInputEncoder(layout: WireLayout, encoding: InputEncoding): InputEncoder {
  const { inputRate, audioKit } = encoding;
  const { format, sampleRate } = layout;
  const rate = inputRate ?? 24_000;
  const converts = format !== "audio/pcm" || rate !== sampleRate;
  if (inputRate !== undefined) needKit();
  const aligner = createPcmAligner();
  const resampler = rate === sampleRate ? undefined : audioKit?.createResampler({ from: rate, to: sampleRate });

  function needKit(): void {
    if (!converts || audioKit) return;
    throw new TypeError(
      `Cannot convert samples at ${rate} Hz to ${format} at ${sampleRate} Hz as audioKit is missing: ` +
        `pass the module @oai-rt/edge/audio, or write encoded bytes`,
    );
  }

  function encode(samples: Int16Array | Float32Array): Uint8Array {
    const pcm = samples instanceof Int16Array ? samples : float32ToPcm16(samples);
    return format === "audio/pcm" ? toBytes(pcm) : audioKit!.encodeG711(pcm, format);
  }

  return {
    push(chunk) {
      if (chunk instanceof Uint8Array) {
        if (inputRate === undefined && format !== "audio/pcm") return chunk;
        chunk = aligner.push(chunk);
        if (inputRate === undefined) return toBytes(chunk);
      } else if (!(chunk instanceof Int16Array || chunk instanceof Float32Array)) {
        throw new TypeError("Cannot send audio as a chunk must be a Uint8Array, an Int16Array or a Float32Array");
      }
      needKit();
      return encode(resampler ? resampler.push(chunk) : chunk);
    },
    flush: () => resampler ? encode(resampler.flush()) : new Uint8Array(0),
  };
}
