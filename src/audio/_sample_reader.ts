// This module is browser compatible.
import { createPcmAligner } from "./pcm_aligner.ts";

/**
 * Creates a function that returns each chunk of a stream as samples, and carries half a sample over to the next chunk.
 */
export function createSampleReader<S extends Int16Array | Float32Array = Int16Array | Float32Array>(): (
  chunk: Uint8Array | S,
) => S | Int16Array {
  const aligner = createPcmAligner();
  return (chunk) => chunk instanceof Uint8Array ? aligner.push(chunk) : chunk;
}
