/**
 * Flags of V8 to measure with. Functions stay in bytecode, as the machine code that V8 makes of them depends on how long a
 * process has run, not on what its sessions hold.
 */
export const HEAP_FLAGS = "--v8-flags=--expose-gc,--no-opt,--no-maglev,--no-sparkplug";

/** Milliseconds between two collections, in which the event loop releases its references. */
const PAUSE_MS = 5;

/** Bytes that this isolate holds after a forced collection, buffers outside of the heap included. */
export async function heapBytes(): Promise<number> {
  const { gc } = globalThis as { gc?: () => void };
  if (!gc) throw new Error("Cannot measure the heap as there is no gc(): run with --v8-flags=--expose-gc");
  for (let times = 0; times < 3; times++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}
