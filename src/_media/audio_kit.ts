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
 * Audio of a WAV file, or of a piece of one.
 *
 * @category Voice
 */
export interface WavPiece {
  /** Encoding of the audio. */
  readonly format: "audio/pcm" | "audio/pcmu" | "audio/pcma";
  /** Frames per second, in hertz. */
  readonly sampleRate: number;
  /** Samples in a frame. */
  readonly channels: number;
  /** The audio as the file has it. */
  readonly data: Uint8Array;
  /** The audio as PCM16 samples, channels interleaved. */
  readonly samples: Int16Array;
}

/**
 * Reads a WAV file piece by piece.
 *
 * @category Voice
 */
export interface WavPieceReader {
  /** Takes the next bytes and returns the audio in them, once the header is complete. */
  push(bytes: Uint8Array): WavPiece | undefined;
  /** Ends the file. */
  end(): void;
}

/**
 * The functions that convert the user's audio. They are passed in, as most callers do not need them and they are large: `import * as audioKit
 * from "@oai-rt/edge/audio"` is one.
 *
 * @category Voice
 */
export interface AudioKit {
  /** Makes a converter of sample rates, in hertz. */
  createResampler(options: { readonly from: number; readonly to: number }): AudioResampler;
  /** Encodes samples as G.711. */
  encodeG711(samples: Int16Array, format: "audio/pcmu" | "audio/pcma"): Uint8Array<ArrayBuffer>;
  /** Makes a reader of WAV files, for `pipe()`; without it only one channel of 16 bits or G.711 is read. */
  createWavReader?(): WavPieceReader;
  /** Mixes interleaved channels into one, for WAV files that have several. */
  mixToMono?(samples: Int16Array, channels: number): Int16Array;
}
