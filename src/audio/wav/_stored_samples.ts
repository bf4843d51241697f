// This module is browser compatible.
import { decodeG711 } from "../g711.ts";
import { float32ToPcm16, toBytes, toInt16 } from "../pcm.ts";

/** Storage format of a sample in a WAV file. */
export interface StoredSamples {
  /** Integers are signed, little-endian, and unsigned when they take one byte; a float of 1 is full scale. */
  readonly kind: "integer" | "float" | "pcma" | "pcmu";
  /** Bytes of one sample. */
  readonly bytes: number;
}

/** Whole frames of a file as PCM16 or G.711, and as samples. */
export interface ReadSamples {
  /** The bytes of the file if they are PCM16 or G.711; otherwise the audio as PCM16. */
  readonly data: Uint8Array;
  /** PCM16, channels interleaved. */
  readonly samples: Int16Array;
}

/** Converts the samples of a file. Wider samples are rounded, and limited to full scale; NaN becomes silence. */
export function readSamples(data: Uint8Array, { kind, bytes }: StoredSamples): ReadSamples {
  if (kind === "pcma" || kind === "pcmu") return { data, samples: decodeG711(data, `audio/${kind}`) };
  if (kind === "integer" && bytes === 2) return { data, samples: toInt16(data) };
  const samples = kind === "float" ? fromFloats(data, bytes) : fromIntegers(data, bytes);
  return { data: toBytes(samples), samples };
}

function fromFloats(data: Uint8Array, bytes: number): Int16Array<ArrayBuffer> {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const floats = new Float32Array(data.length / bytes);
  for (let i = 0; i < floats.length; i++) {
    floats[i] = bytes === 4 ? view.getFloat32(4 * i, true) : view.getFloat64(8 * i, true);
  }
  return float32ToPcm16(floats);
}

function fromIntegers(data: Uint8Array, bytes: number): Int16Array<ArrayBuffer> {
  const samples = new Int16Array(data.length / bytes);
  if (bytes === 1) {
    for (let i = 0; i < samples.length; i++) samples[i] = (data[i]! - 128) << 8;
    return samples;
  }
  for (let i = 0; i < samples.length; i++) {
    const top = (i + 1) * bytes - 1;
    const value = (data[top]! << 24 >> 16) | data[top - 1]!;
    // Rounds up if the highest lost bit is set.
    samples[i] = Math.min(value + (data[top - 2]! >> 7), 32767);
  }
  return samples;
}
