// This module is browser compatible.
import { type Clock, systemClock } from "../_internal/clock.ts";
import { Readers } from "../_internal/readers.ts";
import { withTimeout } from "../_internal/timeout.ts";
import { stringAt, toApiError } from "../_internal/wire.ts";
import { resend } from "../_recovery/resend.ts";
import type { AudioInput } from "../_media/audio_input.ts";
import { silenceOf } from "../_media/audio_layout.ts";
import { SessionInput } from "../_media/input_port.ts";
import { openInput } from "../_media/open_input.ts";
import type { PcmChunk } from "../audio/mod.ts";
import { type CloseInfo, ConnectionError, RealtimeApiError } from "../errors.ts";
import { checkTiming } from "../session/command_options.ts";
import type { CommandOptions, CoreSession, RecoveryEventMap, SessionHost, UsageApi } from "../session/mod.ts";
import type { TranscriptionOptions } from "./transcription_options.ts";
import type { TranscriptionUtterance } from "./transcription_utterance.ts";
import { UtteranceBook } from "./utterance_book.ts";

/** Shortest audio of an item, in milliseconds: the server rejects shorter audio. */
const MIN_COMMIT_MS = 100;

/** Time that the server has, after the end of the silence, to report speech, in milliseconds. */
const SETTLE_MS = 500;

/** Default timeout of {@linkcode RealtimeTranscription.drain}, in milliseconds. */
const DEFAULT_DRAIN_TIMEOUT_MS = 10_000;

/**
 * Options of {@linkcode RealtimeTranscription.drain}.
 *
 * @category Transcription
 */
export interface DrainTranscriptionOptions {
  /** Stops waiting when aborted; `drain` rejects with its reason. */
  signal?: AbortSignal | undefined;
  /**
   * Timeout in milliseconds, at least 0; then it resolves with the missing items.
   *
   * @default {10000}
   */
  timeoutMs?: number | undefined;
}

/**
 * Result of {@linkcode RealtimeTranscription.drain}.
 *
 * @category Transcription
 */
export interface DrainedTranscription {
  /** Ids of the items without a final transcript. */
  readonly missing: readonly string[];
  /** Whether the server has received all audio, and all transcripts have arrived. */
  readonly complete: boolean;
}

/**
 * A running transcription: audio in, transcripts out.
 *
 * @category Transcription
 */
export class RealtimeTranscription implements AsyncDisposable {
  /**
   * Takes the audio: bytes in the session's input format, or 24 kHz samples, unless `inputRate` says otherwise. Closing
   * it ends the turn: with enough silence where the server detects turns, and otherwise with a commit. The session
   * stays open.
   */
  readonly input: WritableStream<PcmChunk>;
  /** The underlying session: events, `update()`, usage. */
  readonly session: CoreSession & UsageApi;
  /** Resolves when the session has ended, no matter which side ended it; never rejects. */
  readonly closed: Promise<CloseInfo>;
  readonly #book: UtteranceBook;
  readonly #clock: Clock;
  readonly #port: SessionInput;
  readonly #readers = new Readers<TranscriptionUtterance>();
  readonly #source: AudioInput;
  /** The engine of the session. */
  #host!: SessionHost;

  /**
   * Used by {@linkcode connectTranscription}.
   *
   * @throws {RangeError} when an option is out of range.
   * @throws {TypeError} when audio must be converted and there is no `audioKit`.
   */
  constructor(session: CoreSession & UsageApi, options: TranscriptionOptions & { readonly clock?: Clock | undefined }) {
    const { clock = systemClock, onUnhandled, transcriptTimeoutMs = 10_000 } = options;
    this.session = session;
    this.closed = session.closed;
    this.#clock = clock;
    this.#book = new UtteranceBook({
      clock,
      transcriptTimeoutMs,
      language: () => session.config?.audio?.input?.transcription?.language ?? undefined,
      give: (utterance) => this.#readers.publish(utterance),
    });
    const report = onUnhandled ?? ((error, context) => console.error(`Transcription: ${context} failed`, error));
    // Not a listener: with one, errors of the session would count as handled.
    session.install({
      name: "transcription",
      install: (host) => {
        this.#host = host;
        return {
          on: {
            "*": (event) => {
              this.#book.receive(event);
              if (event.type !== "error" || stringAt(event.error, "event_id") !== undefined) return;
              const error = toApiError(event);
              // The end of the connection follows, with more information.
              if (error.code !== "session_expired") report(error, "server");
            },
          },
          onLocal: ({ type }) => {
            if (type === "reconnecting" || type === "renewed") this.#book.reconnect();
          },
        };
      },
    });
    const port = this.#port = new SessionInput({
      get config() {
        return session.config;
      },
      get bufferedAmount() {
        return session.bufferedAmount;
      },
      closed: session.closed,
      appendAudio: (audio) => session.appendAudio(audio),
      // `drain()` may find that nothing is left.
      commitAudio: () => this.#host.inputMs > 0 ? this.#commit({}) : Promise.resolve(""),
    }, (end) => resend(end, this.#host.generations));
    this.#source = openInput(port, { ...options, clock, report });
    this.input = this.#source.stream;
    session.closed.then((close) => this.#end(close));
  }

  /** Whether there is a connection. While `"reconnecting"`, 30 seconds of audio are kept. */
  get state(): "open" | "reconnecting" | "closed" {
    return this.session.state;
  }

  /** The audio that waits to leave, in milliseconds: an estimate from the bytes that the socket holds. */
  get lagMs(): number {
    return this.#source.lagMs;
  }

  /** The audio that was dropped by the overflow policy, or because the input format changed, in milliseconds. */
  get droppedMs(): number {
    return this.#source.droppedMs;
  }

  /**
   * The utterances in order: each one several times while its words arrive, then once when it has ended. Each call
   * creates a new, independent reader. The first one starts at the beginning. If the server later corrects a
   * transcript, the utterance is repeated.
   *
   * An unfinished utterance is reported as `"incomplete"` when the connection drops; the next connection transcribes
   * uncommitted audio again, as an item of its own. When the session ends, an unfinished utterance is also reported as
   * `"incomplete"`, and after an unclean end a `ConnectionError` is thrown. A reader that falls 4,096 utterances behind
   * ends with a `QuotaExceededError`.
   */
  utterances(): AsyncIterableIterator<TranscriptionUtterance> {
    return this.#readers.read();
  }

  /**
   * Calls `listener` immediately with every event of this type, which reports the state of the connection. For other
   * events, see {@linkcode session}.
   *
   * @returns a function that removes the listener.
   */
  on<T extends keyof RecoveryEventMap>(type: T, listener: (event: RecoveryEventMap[T]) => void): () => void {
    return this.session.on(type, listener as never);
  }

  /**
   * Ends the turn: creates an item from the audio sent so far, and resolves with its id. Less than 100 ms are padded
   * with silence. When the connection drops meanwhile, or is dead, the next one receives the audio and the commit again.
   * Later audio waits for that.
   *
   * @throws {RangeError} when nothing was sent since the last item, and the server does not detect turns.
   * @throws {TypeError} when an option is unknown.
   * @throws {RealtimeApiError} when the server rejects it.
   * @throws {ConnectionError} when the session ends first, `DOMException` when aborted or on a timeout.
   */
  async commit(options: CommandOptions = {}): Promise<string> {
    checkTiming("commit the audio", options);
    const { signal, timeoutMs } = options;
    signal?.throwIfAborted();
    this.#source.endTurn();
    // It takes longer than the caller's own timeout to find out that a line is dead.
    const line = timeoutMs === undefined ? this.#host.generations : this.session;
    const timing = { what: "commit the audio", signal, timeoutMs, clock: this.#clock };
    return await withTimeout((signal) => {
      const once = () => resend(() => this.#commit({ signal, timeoutMs }), line);
      return this.#port.inOrder(() => withTimeout(once, { ...timing, signal, timeoutMs: undefined }));
    }, timing);
  }

  /**
   * Ends the turn, as closing `input` does, and waits for the transcripts of everything that was said. Resolves with
   * the items whose transcripts did not arrive in time, or never will. The session stays open.
   *
   * @throws {TypeError} when an option is unknown.
   * @throws {RangeError} when `timeoutMs` is negative.
   * @throws {RealtimeApiError} when the server rejects the commit.
   * @throws {DOMException} `AbortError` when `signal` is aborted.
   */
  async drain(options: DrainTranscriptionOptions = {}): Promise<DrainedTranscription> {
    checkTiming("drain the transcription", options);
    const { signal, timeoutMs = DEFAULT_DRAIN_TIMEOUT_MS } = options;
    let isDone = false;
    try {
      const timing = { what: "drain the transcription", signal, timeoutMs, clock: this.#clock };
      await withTimeout((signal) => this.#drain(signal), timing);
      isDone = true;
    } catch (error) {
      signal?.throwIfAborted();
      const isOver = error instanceof ConnectionError && error.kind === "closed";
      const isLate = error instanceof DOMException && error.name === "TimeoutError";
      if (!isOver && !isLate) throw error;
    }
    const { missing } = this.#book;
    return { missing, complete: isDone && missing.length === 0 };
  }

  /**
   * Ends the session: unfinished utterances are reported as `"incomplete"`; call {@linkcode drain} first to wait for
   * them. Idempotent.
   */
  close(code?: number, reason?: string): Promise<CloseInfo> {
    return this.session.close(code, reason);
  }

  /** Ends the session. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #drain(signal: AbortSignal): Promise<void> {
    const isListening = this.#port.endOfTurnMs !== undefined && this.#source.takenMs > 0;
    await this.#source.finish();
    if (isListening) await this.#settle();
    while (this.#book.isWaiting && !signal.aborted) await this.#book.changed;
  }

  /** Waits until the server has received the silence, and has had time to report speech before it. */
  async #settle(): Promise<void> {
    // Its acknowledgement arrives after everything before it.
    await resend(() => this.session.update({}), this.#host.generations).catch((error) => {
      if (!(error instanceof RealtimeApiError)) throw error;
    });
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.schedule(resolve, SETTLE_MS);
      void this.closed.then(() => {
        cancel();
        resolve();
      });
    });
  }

  async #commit(options: CommandOptions): Promise<string> {
    const { inputMs } = this.#host;
    if (inputMs > 0 && inputMs < MIN_COMMIT_MS) {
      this.session.appendAudio(silenceOf(MIN_COMMIT_MS - inputMs, this.#port.layout));
    }
    const itemId = await this.session.commitAudio(options);
    if (itemId) this.#book.commit(itemId);
    return itemId;
  }

  #end(close: CloseInfo): void {
    this.#book.end();
    const { code, reason } = close;
    const message = `The transcription ended with code ${code}${reason && `: ${reason}`}`;
    this.#readers.end(close.clean ? undefined : new ConnectionError(message, { kind: "closed", close }));
  }
}
