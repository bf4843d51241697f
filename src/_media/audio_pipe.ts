// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import { timeoutError } from "../_internal/timeout.ts";
import { ConnectionError } from "../errors.ts";
import type { AudioInput } from "./audio_input.ts";
import { type AudioSink, type OpenSink, openSink } from "./open_sink.ts";
import { type AudioSource, openSource } from "./open_source.ts";
import { PipedSource } from "./piped_source.ts";
import { Run } from "./run.ts";

/** How much longer than its audio lasts a sink may take after the end of the session, in milliseconds. */
const MAX_LATE_MS = 10_000;

/** Options of {@linkcode AudioPipe}. */
export interface AudioPipeOptions<Chunk> {
  /** Takes the user's audio. */
  input: AudioInput;
  /** Gives the model's audio. */
  output: ReadableStream<Chunk>;
  /** The audio of a chunk. */
  bytesOf(chunk: Chunk): Uint8Array<ArrayBuffer>;
  /** How long a chunk plays, in milliseconds; `undefined` for one that is stale, though it has left the output. */
  msOf(chunk: Chunk): number | undefined;
  /** Resolves when the session has ended. */
  closed: Promise<unknown>;
  /** Called at once when a source or a sink fails. */
  onError(error: unknown, end: "source" | "sink"): void;
  /** Source of time. */
  clock: Clock;
}

/** How piping ended. */
interface Result {
  fromError?: unknown;
  toError?: unknown;
}

/** Joins sources and sinks to the audio of a session, one of each at a time; another one takes its place. */
export class AudioPipe<Chunk> {
  readonly #options: AudioPipeOptions<Chunk>;
  #talking: Run | undefined;
  #hearing: Run | undefined;
  /** Keeps others from writing to the input. */
  #lock: WritableStreamDefaultWriter | undefined;
  #reader: ReadableStreamDefaultReader<Chunk> | undefined;
  /** A read that is under way: when another sink takes over, its chunk goes there. */
  #read: Promise<ReadableStreamReadResult<Chunk>> | undefined;
  /** Error in which the output has ended, of which an event has told. */
  #outputError: unknown;
  #isClosed = false;
  /** When a sink that plays what it gets is through with it. */
  #playedMs = 0;
  #cancelWatch = (): void => {};

  constructor(options: AudioPipeOptions<Chunk>) {
    this.#options = options;
    options.closed.then(() => {
      this.#isClosed = true;
      this.#talking?.stop();
      this.#watchSink();
    });
  }

  /** Joins a source and a sink; never rejects. Resolves when both have ended, or one of them has failed. */
  async pipe(
    { from, to }: { readonly from?: AudioSource | undefined; readonly to?: AudioSink<Chunk> | undefined },
  ): Promise<Result> {
    const result: Result = {};
    const failed = Promise.withResolvers<void>();
    const end = (run: Promise<void>, name: keyof Result) =>
      run.catch((error) => {
        result[name] = error;
        failed.resolve();
      });
    const runs = [
      from !== undefined && end(this.#talk(from), "fromError"),
      to !== undefined && end(this.#hear(to), "toError"),
    ];
    await Promise.race([Promise.all(runs), failed.promise]);
    return { ...result };
  }

  async #talk(from: AudioSource): Promise<void> {
    const run = new Run();
    try {
      if (!this.#talking) {
        this.#lock = this.#options.input.stream.getWriter();
        this.#lock.closed.catch(() => {});
      }
      const source = openSource(from);
      this.#talking?.stop();
      this.#talking = run;
      if (this.#isClosed) run.stop();
      await this.#send(source, run);
    } catch (thrown) {
      const error = toFailure(thrown, "source");
      this.#options.onError(error, "source");
      throw error;
    } finally {
      if (!this.#talking || this.#talking === run) {
        this.#talking = undefined;
        this.#lock?.releaseLock();
        this.#lock = undefined;
      }
    }
  }

  /** Sends what a source gives until it ends, another one takes its place, or the session ends. */
  async #send(source: ReturnType<typeof openSource>, run: Run): Promise<void> {
    const piped = new PipedSource(this.#options.input);
    try {
      while (true) {
        const read = await run.until(source.next());
        if (!read) {
          source.cancel();
          return await piped.stop();
        }
        if (read.done) return await piped.end();
        await piped.write(read.value as Uint8Array);
      }
    } catch (error) {
      source.cancel(error);
      // That the session has ended is no fault of the source.
      if (error instanceof ConnectionError && error.kind === "closed") return;
      // The turn ends with what was heard of it.
      await piped.end().catch(() => {});
      throw error;
    }
  }

  async #hear(to: AudioSink<Chunk>): Promise<void> {
    const run = new Run();
    try {
      const sink = openSink(to, this.#options.bytesOf, (error) => run.fail(error));
      try {
        this.#reader ??= this.#options.output.getReader();
        this.#hearing?.stop();
        this.#hearing = run;
        this.#playedMs = 0;
        if (this.#isClosed) this.#watchSink();
        await this.#play(sink, run);
      } catch (error) {
        sink.leave(error);
        throw error;
      }
    } catch (thrown) {
      const error = toFailure(thrown, "sink");
      if (error !== this.#outputError) this.#options.onError(error, "sink");
      throw error;
    } finally {
      if (this.#hearing === run) {
        this.#hearing = undefined;
        this.#cancelWatch();
        this.#read = undefined;
        this.#reader?.releaseLock();
        this.#reader = undefined;
      }
    }
  }

  /** Gives a sink the model's audio until that ends, or another sink takes its place. */
  async #play(sink: OpenSink<Chunk>, run: Run): Promise<void> {
    const { clock, msOf } = this.#options;
    while (true) {
      const read = await run.until(this.#read ??= this.#next());
      // Another sink has taken over; this one may never be through with the audio that it has.
      if (!read) return void sink.close().catch(() => {});
      this.#read = undefined;
      if (read.done) return void await run.until(sink.close());
      const durationMs = msOf(read.value);
      if (durationMs === undefined) continue;
      this.#playedMs = Math.max(this.#playedMs, clock.now()) + durationMs;
      await run.until(sink.write(read.value));
    }
  }

  /** After the end of the session a sink may play what it has: one that never settles must not keep `pipe()` for ever. */
  #watchSink(): void {
    const { clock } = this.#options;
    this.#cancelWatch();
    if (!this.#hearing) return;
    const leftMs = this.#playedMs + MAX_LATE_MS - clock.now();
    // While audio is awaited, which ends by itself, it has nothing to do.
    if (leftMs <= 0 && !this.#read) return this.#hearing.fail(timeoutError("end the sink", MAX_LATE_MS));
    this.#cancelWatch = clock.schedule(() => this.#watchSink(), leftMs > 0 ? leftMs : MAX_LATE_MS);
  }

  #next(): Promise<ReadableStreamReadResult<Chunk>> {
    const read = this.#reader!.read();
    read.catch((error) => this.#outputError = error);
    return read;
  }
}

/** What somebody threw; an error of ours if that is nothing, which would read as if all was well. */
function toFailure(thrown: unknown, what: string): unknown {
  return thrown ?? new Error(`The ${what} failed without an error`);
}
