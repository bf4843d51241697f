// This module is browser compatible.

/**
 * Changes the sample rate of audio that arrives in pieces.
 *
 * @category Voice
 */
export interface AudioResampler {
  /** Takes the next samples and returns those that are ready. */
  push(samples: Int16Array | Float32Array): Float32Array<ArrayBuffer>;
  /** Returns the tail, and resets the resampler. */
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
  /** Samples per frame. */
  readonly channels: number;
  /** The audio as stored in the file. */
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
 * The functions that convert the user's audio. They are passed in because they are large and most callers do not need
 * them: `import * as audioKit from "@oai-rt/edge/audio"` provides them.
 *
 * @category Voice
 */
export interface AudioKit {
  /** Creates a resampler; rates are in hertz. */
  createResampler(options: { readonly from: number; readonly to: number }): AudioResampler;
  /** Encodes samples as G.711. */
  encodeG711(samples: Int16Array, format: "audio/pcmu" | "audio/pcma"): Uint8Array<ArrayBuffer>;
  /**
   * Creates a reader of WAV files, for `pipe()`. Without it or `mixToMono`, only mono files of 16 bits
   * or G.711 can be read.
   */
  createWavReader?(): WavPieceReader;
  /** Mixes interleaved channels into one, for WAV files. */
  mixToMono?(samples: Int16Array, channels: number): Int16Array;
}
