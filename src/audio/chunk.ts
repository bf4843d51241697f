// This module is browser compatible.
import { ByteChunker } from "../_internal/audio/byte_chunker.ts";
import { checkOptions, type OptionNames } from "../_internal/check_options.ts";
import { transform, unlessEmpty } from "./_transform.ts";
import { type AudioLayout, bytesPerFrame, msToBytes } from "./duration.ts";

/**
 * Options of {@linkcode chunkAudio} and {@linkcode createAudioChunker}.
 *
 * @category Audio
 */
export interface ChunkAudioOptions extends AudioLayout {
  /**
   * Length of a chunk in milliseconds, rounded to whole frames as {@linkcode msToBytes} does. Shorter chunks mean less
   * delay and more messages. Not together with `chunkBytes`.
   *
   * @default {100}
   */
  readonly chunkMs?: number | undefined;
  /** Length of a chunk in bytes, a multiple of a frame. Not together with `chunkMs`. */
  readonly chunkBytes?: number | undefined;
  /**
   * Largest allowed chunk, in bytes; a larger `chunkMs` or `chunkBytes` is rejected. The default is the limit of one
   * `input_audio_buffer.append`.
   *
   * @default {15728640}
   */
  readonly maxChunkBytes?: number | undefined;
}

const OPTION_NAMES: OptionNames<ChunkAudioOptions> = {
  chunkMs: 1,
  chunkBytes: 1,
  maxChunkBytes: 1,
  format: 1,
  sampleRate: 1,
  channels: 1,
};

/**
 * Cuts bytes into chunks of equal size, see {@linkcode createAudioChunker}.
 *
 * @category Audio
 */
export interface AudioChunker {
  /** Size of every chunk but the last, in bytes. */
  readonly chunkBytes: number;
  /** Bytes that wait for the rest of their chunk: always fewer than `chunkBytes`. */
  readonly heldBytes: number;
  /** Takes bytes, cut anywhere, and returns the complete chunks, each in newly allocated memory. */
  push(bytes: Uint8Array): Uint8Array<ArrayBuffer>[];
  /** Returns the waiting bytes, without a trailing partial frame, and resets the chunker. Empty when nothing waits. */
  flush(): Uint8Array<ArrayBuffer>;
}

/**
 * Creates a chunker that cuts audio of any sizes into chunks of exactly one size.
 *
 * @category Audio
 *
 * @param options size of a chunk, and layout of the audio; by default 100 ms of mono PCM at 24 kHz, 4 800 bytes.
 * @throws {TypeError} when both `chunkMs` and `chunkBytes` are given, or an option is unknown.
 * @throws {RangeError} when the size is not a positive number of whole frames up to `maxChunkBytes`.
 */
export function createAudioChunker(options: ChunkAudioOptions = {}): AudioChunker {
  checkOptions("chunk audio", options, OPTION_NAMES);
  const { channels, format, sampleRate, ...size } = options;
  const layout = { channels, format, sampleRate };
  return new ByteChunker(sizeOfChunk(size, layout), bytesPerFrame(layout));
}

/**
 * Creates a stream that cuts audio into chunks of exactly one size. Closing it emits the last, shorter chunk, without a
 * trailing partial frame.
 *
 * @category Audio
 *
 * @param options size of a chunk, and layout of the audio; by default 100 ms of mono PCM at 24 kHz, 4 800 bytes.
 * @throws {TypeError} when both `chunkMs` and `chunkBytes` are given.
 * @throws {RangeError} when the size is not a positive number of whole frames up to `maxChunkBytes`.
 *
 * @example 20 ms frames of telephony
 * ```ts
 * import { chunkAudio } from "@oai-rt/edge/audio";
 * import { assertEquals } from "@std/assert";
 *
 * const frames = new Blob([new Uint8Array(400)]).stream()
 *   .pipeThrough(chunkAudio({ chunkMs: 20, format: "audio/pcmu" }));
 * assertEquals((await Array.fromAsync(frames)).map((frame) => frame.length), [160, 160, 80]);
 * ```
 */
export function chunkAudio(options: ChunkAudioOptions = {}): TransformStream<Uint8Array, Uint8Array<ArrayBuffer>> {
  const chunker = createAudioChunker(options);
  return transform({
    push: (bytes: Uint8Array) => chunker.push(bytes),
    flush: () => unlessEmpty(chunker.flush()),
  });
}

function sizeOfChunk(
  { chunkMs, chunkBytes, maxChunkBytes = 15 * 1024 * 1024 }: ChunkAudioOptions,
  layout: AudioLayout,
): number {
  if (chunkMs !== undefined && chunkBytes !== undefined) {
    throw new TypeError("Cannot chunk audio as chunkMs and chunkBytes are both given: one of them is wanted");
  }
  const size = chunkBytes ?? msToBytes(chunkMs ?? 100, layout);
  const frameBytes = bytesPerFrame(layout);
  if (!(size > 0 && size % frameBytes === 0)) {
    throw new RangeError(
      `Cannot chunk audio as a chunk must be one or more whole frames of ${frameBytes} bytes: current value is ${size}`,
    );
  }
  if (size > maxChunkBytes) {
    throw new RangeError(`Cannot chunk audio as a chunk must be <= ${maxChunkBytes} bytes: current value is ${size}`);
  }
  return size;
}
