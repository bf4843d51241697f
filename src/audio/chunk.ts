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
   * Largest chunk allowed, in bytes; a `chunkMs` or `chunkBytes` above it is refused. The default is the most that one
   * `input_audio_buffer.append` may carry.
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
 * Cuts bytes into chunks of one size, see {@linkcode createAudioChunker}.
 *
 * @category Audio
 */
export interface AudioChunker {
  /** Size of every chunk but the last, in bytes. */
  readonly chunkBytes: number;
  /** Bytes that wait for their chunk to become full: always fewer than `chunkBytes`. */
  readonly heldBytes: number;
  /** Takes bytes, cut anywhere, and returns the chunks that became full, each in memory of its own. */
  push(bytes: Uint8Array): Uint8Array<ArrayBuffer>[];
  /** Returns what waits, without a trailing part of a frame, and starts anew. Empty when nothing waits. */
  flush(): Uint8Array<ArrayBuffer>;
}

/**
 * Creates a cutter of audio into chunks of exactly one size, whatever the sizes that come in.
 *
 * @category Audio
 *
 * @param options size of a chunk, and what the bytes stand for; by default 100 ms of mono PCM at 24 kHz, 4 800 bytes.
 * @throws {TypeError} when both `chunkMs` and `chunkBytes` are given, or an option is not known.
 * @throws {RangeError} when the size is not a positive number of whole frames up to `maxChunkBytes`.
 */
export function createAudioChunker(options: ChunkAudioOptions = {}): AudioChunker {
  checkOptions("chunk audio", options, OPTION_NAMES);
  const { channels, format, sampleRate, ...size } = options;
  const layout = { channels, format, sampleRate };
  return new ByteChunker(sizeOfChunk(size, layout), bytesPerFrame(layout));
}

/**
 * Creates a stream that cuts audio into chunks of exactly one size. Closing it gives out the last, shorter one, without
 * a trailing part of a frame.
 *
 * @category Audio
 *
 * @param options size of a chunk, and what the bytes stand for; by default 100 ms of mono PCM at 24 kHz, 4 800 bytes.
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
