// This module is browser compatible.
import { createPcmAligner, float32ToPcm16, type PcmAligner, type PcmChunk, toBytes } from "../audio/mod.ts";
import type { WireLayout } from "./audio_layout.ts";
import type { AudioKit } from "./audio_kit.ts";

/** Rate of the user's audio, and its converter. */
export interface InputEncoding {
  /** Samples per second of all incoming PCM; `undefined`: 24 000, and bytes are in the session's format. */
  inputRate?: number | undefined;
  /** Converts between rates and formats. */
  audioKit?: AudioKit | undefined;
}

/** Encodes audio that arrives in pieces for the wire. */
export interface InputEncoder {
  /** Takes the next piece and returns the bytes that are ready. */
  push(chunk: PcmChunk): Uint8Array;
  /** Returns the tail. */
  flush(): Uint8Array;
}

/**
 * Creates an encoder to a session's input format.
 *
 * @throws {TypeError} when a conversion was requested and there is no converter.
 * @throws {RangeError} when `inputRate` cannot be converted.
 */
export function createInputEncoder(layout: WireLayout, encoding: InputEncoding): InputEncoder {
  return new SampleEncoder(layout, encoding);
}

class SampleEncoder implements InputEncoder {
  readonly #format: WireLayout["format"];
  readonly #inputRate: number | undefined;
  readonly #audioKit: AudioKit | undefined;
  /** The missing part, if any: it is needed once there are samples. */
  readonly #lack: string | undefined;
  readonly #resampler: ReturnType<AudioKit["createResampler"]> | undefined;
  #aligner: PcmAligner | undefined;

  constructor({ format, sampleRate }: WireLayout, { inputRate, audioKit }: InputEncoding) {
    const rate = inputRate ?? 24_000;
    this.#format = format;
    this.#inputRate = inputRate;
    this.#audioKit = audioKit;
    if (!audioKit && (format !== "audio/pcm" || rate !== sampleRate)) {
      this.#lack = `Cannot convert samples at ${rate} Hz to ${format} at ${sampleRate} Hz as audioKit is missing: ` +
        `pass the module @oai-rt/edge/audio, or write encoded bytes`;
    }
    if (inputRate !== undefined) this.#needKit();
    this.#resampler = rate === sampleRate ? undefined : audioKit?.createResampler({ from: rate, to: sampleRate });
  }

  push(chunk: PcmChunk): Uint8Array {
    if (chunk instanceof Uint8Array) {
      if (this.#inputRate === undefined && this.#format !== "audio/pcm") return chunk;
      const aligner = this.#aligner ??= createPcmAligner();
      const isWhole = this.#inputRate === undefined && aligner.heldBytes === 0 && chunk.length % 2 === 0;
      if (isWhole) return chunk;
      chunk = aligner.push(chunk);
      if (this.#inputRate === undefined) return toBytes(chunk);
    } else if (!(chunk instanceof Int16Array || chunk instanceof Float32Array)) {
      throw new TypeError("Cannot send audio as a chunk must be a Uint8Array, an Int16Array or a Float32Array");
    }
    this.#needKit();
    return this.#encode(this.#resampler ? this.#resampler.push(chunk) : chunk);
  }

  flush(): Uint8Array {
    return this.#resampler ? this.#encode(this.#resampler.flush()) : new Uint8Array(0);
  }

  #needKit(): void {
    if (this.#lack !== undefined) throw new TypeError(this.#lack);
  }

  #encode(samples: Int16Array | Float32Array): Uint8Array {
    const pcm = samples instanceof Int16Array ? samples : float32ToPcm16(samples);
    return this.#format === "audio/pcm" ? toBytes(pcm) : this.#audioKit!.encodeG711(pcm, this.#format);
  }
}
