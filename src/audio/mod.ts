// This module is browser compatible.

/**
 * Audio: PCM16 and floats, base64, G.711, WAV, chunks, levels and sample rates. Everything consists of plain functions
 * and state machines that work on typed arrays, with a `TransformStream` on top; nothing here opens a socket, starts a
 * timer or reads the clock.
 *
 * | conversion | a whole piece | piece by piece | as a stream |
 * | --- | --- | --- | --- |
 * | bytes to samples | {@linkcode toInt16}, {@linkcode toBytes} | {@linkcode createPcmAligner} | {@linkcode alignPcm} |
 * | floats | {@linkcode pcm16ToFloat32}, {@linkcode float32ToPcm16} | the same | {@linkcode pcm16ToFloat32Stream}, {@linkcode float32ToPcm16Stream} |
 * | base64 | {@linkcode encodeBase64}, {@linkcode decodeBase64} | the same | {@linkcode encodeBase64Stream}, {@linkcode decodeBase64Stream} |
 * | G.711 | {@linkcode encodeG711}, {@linkcode decodeG711} | the same | {@linkcode encodeG711Stream}, {@linkcode decodeG711Stream} |
 * | sample rates | {@linkcode resample} | {@linkcode createResampler} | {@linkcode resampleAudio} |
 * | chunks of equal size | | {@linkcode createAudioChunker} | {@linkcode chunkAudio} |
 * | loudness | {@linkcode measureLevel} | {@linkcode createLevelMeter} | {@linkcode meterAudio} |
 * | WAV | {@linkcode readWav}, {@linkcode writeWav} | {@linkcode createWavReader}, {@linkcode createWavWriter} | {@linkcode readWavStream}, {@linkcode writeWavStream} |
 *
 * Streams accept PCM16 as bytes, cut anywhere, or as samples, and most produce bytes; half a sample at the end is
 * dropped.
 *
 * @module
 */

export * from "./base64.ts";
export * from "./chunk.ts";
export * from "./duration.ts";
export * from "./g711.ts";
export * from "./level.ts";
export * from "./mono.ts";
export * from "./pcm.ts";
export * from "./pcm_aligner.ts";
export * from "./pcm_stream.ts";
export * from "./resample.ts";
export * from "./resampler.ts";
export { silence } from "./silence.ts";
export * from "./wav/mod.ts";
