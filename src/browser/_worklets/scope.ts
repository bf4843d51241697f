// This module is browser compatible.

/** The members of an `AudioWorkletGlobalScope` that are used. */
interface WorkletScope {
  readonly AudioWorkletProcessor: new (options?: unknown) => {
    readonly port: {
      onmessage: ((event: { readonly data: unknown }) => void) | null;
      postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
    };
  };
  readonly sampleRate: number;
  registerProcessor(name: string, processor: unknown): void;
}

/** The global scope of this code. */
export const scope = globalThis as unknown as WorkletScope;
