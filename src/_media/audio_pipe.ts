// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import { timeoutError } from "../_internal/timeout.ts";
import type { ConnectionError } from "../errors.ts";
import type { AudioInput } from "./audio_input.ts";
import { type AudioSink, type OpenSink, openSink } from "./open_sink.ts";
import { type AudioSource, openSource } from "./open_source.ts";
import { PipedSource } from "./piped_source.ts";
import { Run } from "./run.ts";

/** Time that a sink may take beyond the length of its audio after the end of the session, in milliseconds. */
const MAX_LATE_MS = 10_000;

/** Options of {@linkcode AudioPipe}. */
export interface AudioPipeOptions<Chunk> {
  /** Takes the user's audio. */
  input: AudioInput;
  /** Provides the model's audio. */
  output: ReadableStream<Chunk>;
  /** The audio of a chunk. */
  bytesOf(chunk: Chunk): Uint8Array<ArrayBuffer>;
  /** Duration of a chunk, in milliseconds; `undefined` for a stale chunk, even if it has left the output. */
  msOf(chunk: Chunk): number | undefined;
  /** Resolves when the session has ended. */
  closed: Promise<unknown>;
  /** Called immediately when a source or a sink fails. */
  onError(error: unknown, end: "source" | "sink"): void;
  /** Source of time. */
  clock: Clock;
}

/** How piping ended. */
interface Result {
  fromError?: unknown;
  toError?: unknown;
}

/** Connects sources and sinks to the audio of a session, one of each at a time; a new one replaces the old one. */
export class AudioPipe<Chunk> {
  readonly #options: AudioPipeOptions<Chunk>;
  #talking: Run | undefined;
  #hearing: Run | undefined;
  /** Keeps others from writing to the input. */
  #lock: WritableStreamDefaultWriter | undefined;
  #reader: ReadableStreamDefaultReader<Chunk> | undefined;
  /** A pending read: when another sink takes over, it receives the chunk. */
  #read: Promise<ReadableStreamReadResult<Chunk>> | undefined;
  /** The error of the output, which has already been reported as an event. */
  #outputError: unknown;
  #isClosed = false;
  /** Time at which a sink that plays its audio in real time has finished. */
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

  /** Connects a source and a sink; never rejects. Resolves when both have ended, or one of them has failed. */
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
      }
    }
  }

  /** Sends the chunks of a source until it ends, another one replaces it, or the session ends. */
  async #send(source: ReturnType<typeof openSource>, run: Run): Promise<void> {
    const piped = new PipedSource(this.#options.input);
    // The pending read of the source.
    let reading: Promise<unknown> | undefined;
    try {
      while (true) {
        const read = await run.until(reading = source.next());
        reading = undefined;
        if (!read) {
          source.cancel();
          return await piped.stop();
        }
        if (read.done) return await piped.end();
        await piped.write(read.value as Uint8Array);
      }
    } catch (error) {
      source.cancel(error);
      // The end of the session is not an error of the source, unless the source reads from another one.
      if (!reading && (error as ConnectionError | undefined)?.kind === "closed") return;
      // The turn ends with the audio so far.
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

  /** Writes the model's audio to a sink until it ends, or another sink replaces it. */
  async #play(sink: OpenSink<Chunk>, run: Run): Promise<void> {
    const { clock, msOf } = this.#options;
    while (true) {
      const read = await run.until(this.#read ??= this.#next());
      // Another sink has taken over; this one may never finish the audio that it has.
      if (!read) return void sink.close().catch(() => {});
      this.#read = undefined;
      if (read.done) return void await run.until(sink.close());
      const durationMs = msOf(read.value);
      if (durationMs === undefined) continue;
      this.#playedMs = Math.max(this.#playedMs, clock.now()) + durationMs;
      await run.until(sink.write(read.value));
    }
  }

  /** Limits the time of a sink after the end of the session: `pipe()` must end even if the sink never settles. */
  #watchSink(): void {
    const { clock } = this.#options;
    this.#cancelWatch();
    if (!this.#hearing) return;
    const leftMs = this.#playedMs + MAX_LATE_MS - clock.now();
    // While the output is read, which ends by itself, the sink has nothing to do.
    if (leftMs <= 0 && !this.#read) return this.#hearing.fail(timeoutError("end the sink", MAX_LATE_MS));
    this.#cancelWatch = clock.schedule(() => this.#watchSink(), leftMs > 0 ? leftMs : MAX_LATE_MS);
  }

  #next(): Promise<ReadableStreamReadResult<Chunk>> {
    const read = this.#reader!.read();
    read.catch((error) => this.#outputError = error);
    return read;
  }
}

/** The thrown value, or an error of ours if that is `undefined`, which would look like success. */
function toFailure(thrown: unknown, what: string): unknown {
  return thrown ?? new Error(`The ${what} failed without an error`);
}
