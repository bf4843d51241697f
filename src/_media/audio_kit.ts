// This module is browser compatible.

/**
 * Changes the sample rate of audio that comes piece by piece.
 *
 * @category Voice
 */
export interface AudioResampler {
  /** Takes the next samples and returns those that are ready. */
  push(samples: Int16Array | Float32Array): Float32Array<ArrayBuffer>;
  /** Returns the tail, and starts anew. */
  flush(): Float32Array<ArrayBuffer>;
}

/**
 * What converts the user's audio. It is handed in, as most callers need none of it and it is large: `import * as audioKit
 * from "@oai-rt/edge/audio"` is one.
 *
 * @category Voice
 */
export interface AudioKit {
  /** Makes a converter of sample rates, in hertz. */
  createResampler(options: { readonly from: number; readonly to: number }): AudioResampler;
  /** Encodes samples as G.711. */
  encodeG711(samples: Int16Array, format: "audio/pcmu" | "audio/pcma"): Uint8Array<ArrayBuffer>;
}
