// This module is browser compatible.

/** A pure core that is driven by a stream. */
export interface Step<I, O> {
  /** Takes a chunk and returns the output that is ready. */
  push(chunk: I): Iterable<O>;
  /** Returns the held output, at the end of the stream. */
  flush?(): Iterable<O>;
}

/** Wraps a pure core in a stream. An exception of the core errors both sides. */
export function transform<I, O>(step: Step<I, O>): TransformStream<I, O> {
  return new TransformStream<I, O>({
    transform(chunk, controller) {
      for (const output of step.push(chunk)) controller.enqueue(output);
    },
    flush(controller) {
      for (const output of step.flush?.() ?? []) controller.enqueue(output);
    },
  });
}

/** The chunk alone, or nothing when it is empty. */
export function unlessEmpty<A extends { readonly length: number }>(chunk: A): A[] {
  return chunk.length > 0 ? [chunk] : [];
}
