// This module is browser compatible.

/** Cuts bytes into chunks of a size that is known to be one or more whole frames. */
export class ByteChunker {
  readonly chunkBytes: number;
  heldBytes = 0;
  readonly #frameBytes: number;
  #chunk: Uint8Array<ArrayBuffer> | undefined;

  constructor(chunkBytes: number, frameBytes: number) {
    this.chunkBytes = chunkBytes;
    this.#frameBytes = frameBytes;
  }

  push(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
    const { chunkBytes } = this;
    const full: Uint8Array<ArrayBuffer>[] = [];
    for (let offset = 0; offset < bytes.length;) {
      const chunk = this.#chunk ??= new Uint8Array(chunkBytes);
      const part = bytes.subarray(offset, offset + chunkBytes - this.heldBytes);
      chunk.set(part, this.heldBytes);
      offset += part.length;
      this.heldBytes += part.length;
      if (this.heldBytes === chunkBytes) {
        full.push(chunk);
        this.#chunk = undefined;
        this.heldBytes = 0;
      }
    }
    return full;
  }

  flush(): Uint8Array<ArrayBuffer> {
    const rest = this.#chunk?.slice(0, this.heldBytes - this.heldBytes % this.#frameBytes) ?? new Uint8Array(0);
    this.#chunk = undefined;
    this.heldBytes = 0;
    return rest;
  }
}
