// This module is browser compatible.

/**
 * WAV files: read and written whole, in pieces, and as streams.
 *
 * @module
 */

export * from "./wav.ts";
export * from "./wav_format.ts";
export * from "./wav_header.ts";
export * from "./wav_reader.ts";
export * from "./wav_stream.ts";
export * from "./wav_writer.ts";
