// This module is browser compatible.
import type { PcmChunk } from "../../audio/mod.ts";
import type { LivePipeResult, LivePipes, LiveSink, LiveSource } from "../live_pipes.ts";

/** Connects sources and sinks to the audio of a session, one of each at a time; a new one replaces the old one. */
export class LivePipe {
  readonly #writer: () => WritableStreamDefaultWriter<PcmChunk>;
  readonly #reader: () => ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  readonly #onError: (error: unknown, context: string) => void;
  #stopSource = (): void => {};
  #stopSink = (): void => {};
  #lock: WritableStreamDefaultWriter<PcmChunk> | undefined;
  #output: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined;
  #read: Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>> | undefined;

  constructor(
    input: WritableStream<PcmChunk>,
    output: ReadableStream<Uint8Array<ArrayBuffer>>,
    onError: (error: unknown, context: string) => void,
  ) {
    this.#writer = () => this.#lock ??= input.getWriter();
    this.#reader = () => this.#output ??= output.getReader();
    this.#onError = onError;
  }

  /** Connects them; never rejects. Resolves when both have ended, have been replaced, or one of them has failed. */
  async pipe({ from, to }: LivePipes): Promise<LivePipeResult> {
    const result: { fromError?: unknown; toError?: unknown } = {};
    const failed = Promise.withResolvers<void>();
    const guard = async (run: Promise<void>, name: "fromError" | "toError") => {
      try {
        await run;
      } catch (error) {
        result[name] = error;
        this.#onError(error, name === "fromError" ? "source" : "sink");
        failed.resolve();
      }
    };
    const ends = Promise.all([
      from === undefined ? undefined : guard(this.#talk(from), "fromError"),
      to === undefined ? undefined : guard(this.#hear(to), "toError"),
    ]);
    await Promise.race([ends, failed.promise]);
    return result;
  }

  /** Stops the source, as the session has ended; the sink receives the rest. */
  end(): void {
    this.#stopSource();
  }

  async #talk(from: LiveSource): Promise<void> {
    this.#stopSource();
    const stopped = Promise.withResolvers<undefined>();
    this.#stopSource = () => stopped.resolve(undefined);
    const source = open(from);
    try {
      for (;;) {
        const next = await Promise.race([source.next(), stopped.promise]);
        if (!next || next.done) return;
        await Promise.race([this.#writer().write(next.value), stopped.promise]);
      }
    } finally {
      source.leave();
    }
  }

  async #hear(to: LiveSink): Promise<void> {
    this.#stopSink();
    const stopped = Promise.withResolvers<undefined>();
    this.#stopSink = () => stopped.resolve(undefined);
    const writer = typeof to === "function" ? undefined : to.getWriter();
    const write = async (bytes: Uint8Array<ArrayBuffer>) => {
      if (typeof to === "function") return await to(bytes);
      await writer?.ready;
      await writer?.write(bytes);
    };
    try {
      for (;;) {
        // A read that another sink takes over is not lost.
        const next = await Promise.race([this.#read ??= this.#reader().read(), stopped.promise]);
        if (!next) break;
        this.#read = undefined;
        if (next.done) break;
        await write(next.value);
      }
      await writer?.close();
    } finally {
      writer?.releaseLock();
    }
  }
}

interface OpenSource {
  next(): Promise<IteratorResult<PcmChunk> | ReadableStreamReadResult<PcmChunk>>;
  leave(): void;
}

function open(from: LiveSource): OpenSource {
  if ("getReader" in from) {
    const reader = from.getReader();
    return {
      next: () => reader.read(),
      leave: () => void reader.cancel().catch(() => {}),
    };
  }
  const iterator = Symbol.asyncIterator in from ? from[Symbol.asyncIterator]() : from[Symbol.iterator]();
  return {
    next: async () => await iterator.next(),
    leave: () => void Promise.resolve().then(() => iterator.return?.()).catch(() => {}),
  };
}
