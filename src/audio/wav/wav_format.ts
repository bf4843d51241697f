// This module is browser compatible.
import type { AudioEncoding, AudioLayout } from "../duration.ts";

/**
 * The format that the header of a WAV file states.
 *
 * @category WAV
 */
export interface WavFormat extends AudioLayout {
  /** Encoding of the audio: `"audio/pcm"` for integers and floats of any width. */
  readonly format: AudioEncoding;
  /** Frames per second, in hertz. */
  readonly sampleRate: number;
  /** Samples per frame: 1 for mono, 2 for stereo. */
  readonly channels: number;
}

/**
 * A WAV file that has been read, or a piece of one.
 *
 * @category WAV
 */
export interface WavAudio extends WavFormat {
  /**
   * The audio in `format`, whole frames: a view of the file's bytes if possible. PCM of other than 16 bits, and floats,
   * have been converted to PCM16.
   */
  readonly data: Uint8Array;
  /** The audio as PCM16 samples, channels interleaved. G.711 has been expanded; PCM is the memory of `data`, or a copy. */
  readonly samples: Int16Array;
}
