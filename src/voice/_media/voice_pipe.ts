// This module is browser compatible.
import { ConnectionError } from "../../errors.ts";
import type { AudioChunk } from "../audio_chunk.ts";
import type { AudioSink, AudioSource, PipeResult, VoicePipes } from "../audio_ends.ts";
import type { AudioInput } from "../../_media/audio_input.ts";
import { openSink } from "./open_sink.ts";
import { openSource } from "./open_source.ts";
import { PipedSource } from "./piped_source.ts";
import { Run } from "./run.ts";

/** Options of {@linkcode VoicePipe}. */
export interface VoicePipeOptions {
  /** Takes the user's audio. */
  input: AudioInput;
  /** Provides the model's audio. */
  output: ReadableStream<AudioChunk>;
  /** Whether an item was cut: its audio is stale, even if it has left the output. */
  isCut(itemId: string): boolean;
  /** Resolves when the session has ended. */
  closed: Promise<unknown>;
  /** Called immediately when a source or a sink fails. */
  onError(error: unknown): void;
}

/** Connects sources and sinks to the audio of a session, one of each at a time; a new one replaces the old one. */
export class VoicePipe {
  readonly #options: VoicePipeOptions;
  #talking: Run | undefined;
  #hearing: Run | undefined;
  /** Keeps others from writing to the input. */
  #lock: WritableStreamDefaultWriter | undefined;
  #reader: ReadableStreamDefaultReader<AudioChunk> | undefined;
  /** A pending read: when another sink takes over, it receives the chunk. */
  #read: Promise<ReadableStreamReadResult<AudioChunk>> | undefined;
  /** The error of the output, which has already been reported as an event. */
  #outputError: unknown;
  #isClosed = false;

  constructor(options: VoicePipeOptions) {
    this.#options = options;
    options.closed.then(() => {
      this.#isClosed = true;
      this.#talking?.stop();
    });
  }

  /** Connects a source and a sink; never rejects. Resolves when both have ended, or one of them has failed. */
  async pipe({ from, to }: VoicePipes): Promise<PipeResult> {
    const result: { -readonly [K in keyof PipeResult]: PipeResult[K] } = {};
    const failed = Promise.withResolvers<void>();
    const end = (run: Promise<void>, name: keyof PipeResult) =>
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
      this.#options.onError(error);
      throw error;
    } finally {
      if (!this.#talking || this.#talking === run) {
        this.#talking = undefined;
        this.#lock?.releaseLock();
        this.#lock = undefined;
      }
    }
  }

  /** Sends the chunks of a source until it ends, another one replaces it, or the session ends. */
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
      // The end of the session is not an error of the source.
      if (error instanceof ConnectionError && error.kind === "closed") return;
      // The turn ends with the audio so far.
      await piped.end().catch(() => {});
      throw error;
    }
  }

  async #hear(to: AudioSink): Promise<void> {
    const run = new Run();
    try {
      const sink = openSink(to, (error) => run.fail(error));
      try {
        this.#reader ??= this.#options.output.getReader();
        this.#hearing?.stop();
        this.#hearing = run;
        await this.#play(sink, run);
      } catch (error) {
        sink.leave(error);
        throw error;
      }
    } catch (thrown) {
      const error = toFailure(thrown, "sink");
      if (error !== this.#outputError) this.#options.onError(error);
      throw error;
    } finally {
      if (this.#hearing === run) {
        this.#hearing = undefined;
        this.#read = undefined;
        this.#reader?.releaseLock();
        this.#reader = undefined;
      }
    }
  }

  /** Writes the model's audio to a sink until it ends, or another sink replaces it. */
  async #play(sink: ReturnType<typeof openSink>, run: Run): Promise<void> {
    while (true) {
      const read = await run.until(this.#read ??= this.#next());
      // Another sink has taken over; this one may never finish the audio that it has.
      if (!read) return void sink.close().catch(() => {});
      this.#read = undefined;
      if (read.done) return await sink.close();
      if (!this.#options.isCut(read.value.itemId)) await run.until(sink.write(read.value));
    }
  }

  #next(): Promise<ReadableStreamReadResult<AudioChunk>> {
    const read = this.#reader!.read();
    read.catch((error) => this.#outputError = error);
    return read;
  }
}

/** The thrown value, or an error of ours if that is `undefined`, which would look like success. */
function toFailure(thrown: unknown, what: string): unknown {
  return thrown ?? new Error(`The ${what} failed without an error`);
}
