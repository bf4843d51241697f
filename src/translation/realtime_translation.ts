// This module is browser compatible.
import { type Clock, systemClock } from "../_internal/clock.ts";
import { EventHub } from "../_internal/event_hub.ts";
import { Readers } from "../_internal/readers.ts";
import { withTimeout } from "../_internal/timeout.ts";
import { asString, numberAt, type WireEvent } from "../_internal/wire.ts";
import type { AudioInput } from "../_media/audio_input.ts";
import { audioLayout } from "../_media/audio_layout.ts";
import { openInput } from "../_media/open_input.ts";
import { createPcmAligner, decodeBase64, encodeBase64, type PcmChunk, toBytes } from "../audio/mod.ts";
import type { RecoveryEvent, RecoveryEventMap } from "../_recovery/recovery_events.ts";
import type { CloseInfo } from "../errors.ts";
import type { IncomingTranslationServerEvent, TranslationSession } from "../protocol/mod.ts";
import { checkTiming } from "../session/command_options.ts";
import { AudioQueue } from "./audio_queue.ts";
import { toTranslationConfig } from "./to_translation_config.ts";
import type { TranslationLine } from "./translation_line.ts";
import { DEFAULT_UPDATE_TIMEOUT_MS, type TranslationOptions, type TranslationSettings } from "./translation_options.ts";
import type { TranslationWords } from "./translation_words.ts";

/** Silence after the last audio of a closed input, in milliseconds: more than the pause after a sentence. */
const END_SILENCE_MS = 1_000;

/** Default timeout of {@linkcode RealtimeTranslation.close}, in milliseconds. */
const DEFAULT_CLOSE_TIMEOUT_MS = 30_000;

/**
 * Options of {@linkcode RealtimeTranslation.update}.
 *
 * @category Translation
 */
export interface UpdateTranslationOptions {
  /** Stops waiting when aborted; the change has been sent and still takes effect. */
  signal?: AbortSignal | undefined;
  /**
   * Timeout of the acknowledgement, in milliseconds.
   *
   * @default {ackTimeoutMs}
   */
  timeoutMs?: number | undefined;
}

/**
 * Options of {@linkcode RealtimeTranslation.close}.
 *
 * @category Translation
 */
export interface CloseTranslationOptions {
  /** Ends the connection immediately when aborted. */
  signal?: AbortSignal | undefined;
  /**
   * Time that the server has to translate the rest, in milliseconds, at least 0; then the connection is closed.
   *
   * @default {30000}
   */
  timeoutMs?: number | undefined;
}

/**
 * How a translation ended.
 *
 * @category Translation
 */
export interface TranslationEnd extends CloseInfo {
  /** Whether the server has confirmed that everything sent is translated. */
  readonly confirmed: boolean;
}

/**
 * A running translation: audio of one language in, audio and text of another one out.
 *
 * @category Translation
 */
export class RealtimeTranslation implements AsyncDisposable {
  /**
   * Takes the audio to translate: bytes of 24 kHz PCM16, or 24 kHz samples, unless `inputRate` says otherwise. Time
   * passes for the model only with audio, so send the silence, too. Closing it sends a second of silence, so that the
   * last sentence is translated; the session stays open.
   */
  readonly input: WritableStream<PcmChunk>;
  /**
   * The translation: PCM16 bytes, 24 kHz mono, in whole samples, as fast as the server sends them. Ends with the
   * session, with a `ConnectionError` after an unclean end.
   */
  readonly output: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Resolves when the session has ended, no matter which side ended it; never rejects. */
  readonly closed: Promise<CloseInfo>;
  readonly #line: TranslationLine;
  readonly #clock: Clock;
  readonly #ackTimeoutMs: number;
  readonly #onUnhandled: (error: unknown, context: string) => void;
  readonly #source: AudioInput;
  readonly #audio: AudioQueue;
  readonly #aligner = createPcmAligner();
  readonly #words = new Readers<TranslationWords>();
  readonly #events = new EventHub<IncomingTranslationServerEvent | RecoveryEvent, RecoveryEventMap>(
    (error, eventType) => this.#report(error, eventType),
  );
  #end: Promise<TranslationEnd> | undefined;

  /**
   * Used by {@linkcode connectTranslation}.
   *
   * @throws {RangeError} when an option is out of range.
   * @throws {TypeError} when audio must be converted and there is no `audioKit`.
   */
  constructor(line: TranslationLine, options: TranslationOptions & { readonly clock?: Clock | undefined }) {
    const { ackTimeoutMs = DEFAULT_UPDATE_TIMEOUT_MS, clock = systemClock, maxUnheardMs = 600_000 } = options;
    const layout = audioLayout(undefined);
    this.#line = line;
    this.#clock = clock;
    this.#ackTimeoutMs = ackTimeoutMs;
    this.#onUnhandled = options.onUnhandled ??
      ((error, context) => console.error(`Translation: ${context} failed`, error));
    this.closed = line.closed;
    this.#events.ready();
    this.#audio = new AudioQueue({ layout, maxMs: maxUnheardMs, onOverflow: (error) => this.#report(error, "output") });
    this.output = this.#audio.stream;
    this.#source = openInput({
      layout,
      endOfTurnMs: END_SILENCE_MS,
      get bufferedAmount() {
        return line.bufferedAmount;
      },
      closed: line.closed,
      appendAudio: (audio) =>
        line.send({ type: "session.input_audio_buffer.append", audio: encodeBase64(audio) }, { check: false }),
      // A translation has no turns.
      commitAudio: () => Promise.resolve(),
    }, { ...options, clock, report: (error, context) => this.#report(error, context) });
    this.input = this.#source.stream;
    line.listener = {
      receive: (event, raw) => this.#receive(event, raw),
      recover: (event) => {
        // Half a sample of the old connection does not belong to the following audio.
        this.#aligner.reset();
        this.#events.publish(event);
      },
      fail: (error) => {
        if (!this.#events.isHeard("error")) this.#report(error, "server");
      },
      end: (error) => {
        this.#audio.end(error);
        this.#words.end(error);
        this.#events.end(undefined, error);
      },
    };
  }

  /** Whether there is a connection. While `"reconnecting"`, 30 seconds of the audio to translate are kept. */
  get state(): "open" | "reconnecting" | "closed" {
    return this.#line.state;
  }

  /** The session's effective configuration, as the server last reported it. */
  get config(): TranslationSession | undefined {
    return this.#line.config;
  }

  /** The audio to translate that waits to leave, in milliseconds: an estimate from the bytes that the socket holds. */
  get lagMs(): number {
    return this.#source.lagMs;
  }

  /** The audio to translate that was dropped by the overflow policy, in milliseconds. */
  get droppedMs(): number {
    return this.#source.droppedMs;
  }

  /**
   * The words of both sides as they arrive; each call creates a new, independent reader. The first one starts at the
   * beginning. Ends with the session, with a `ConnectionError` after an unclean end. A reader that falls 4,096 pieces
   * behind ends with a `QuotaExceededError`.
   */
  transcripts(): AsyncIterableIterator<TranslationWords> {
    return this.#words.read();
  }

  /**
   * Every event of the server from now on, including audio, and the events about the connection; ends as {@linkcode
   * transcripts} does.
   */
  events(): AsyncIterableIterator<IncomingTranslationServerEvent | RecoveryEvent> {
    return this.#events.read();
  }

  /**
   * Calls `listener` immediately with every event of this type, which reports the state of the connection.
   *
   * @returns a function that removes the listener.
   */
  on<T extends keyof RecoveryEventMap>(type: T, listener: (event: RecoveryEventMap[T]) => void): () => void {
    return this.#events.on(type, listener);
  }

  /**
   * Changes settings, such as the language; omitted ones stay as they are.
   *
   * @throws {TypeError} when an option is unknown, or a shorthand and `session` set the same field.
   * @throws {InvalidEventError} when the settings break a rule of the protocol; nothing is then sent.
   * @throws {RealtimeApiError} when the server rejects them: none of them takes effect.
   * @throws {ConnectionError} when the session ends first, `DOMException` when aborted or on a timeout.
   */
  async update(changes: TranslationSettings, options: UpdateTranslationOptions = {}): Promise<TranslationSession> {
    checkTiming("change the translation", options);
    const { signal, timeoutMs } = options;
    const timing = { what: "change the translation", signal, clock: this.#clock };
    const task = async () => {
      const answer = this.#line.update(toTranslationConfig(changes));
      if (timeoutMs !== undefined) return await answer;
      // While there is no connection, only the caller's own timeout counts.
      await Promise.race([this.#line.opened, answer]);
      return await withTimeout(() => answer, { ...timing, timeoutMs: this.#ackTimeoutMs });
    };
    return await withTimeout(task, { ...timing, timeoutMs });
  }

  /**
   * Ends the session: sends the rest of the audio, asks the server to end, and waits until it confirms that everything
   * is translated, which takes as long as the translation is spoken. `output` and `transcripts()` receive all of it.
   * Idempotent: only the options of the first call count. Without a connection it ends immediately, and pending audio
   * is not translated. Rejects for invalid options only.
   *
   * @throws {TypeError} when an option is unknown.
   * @throws {RangeError} when `timeoutMs` is negative.
   */
  close(options: CloseTranslationOptions = {}): Promise<TranslationEnd> {
    try {
      checkTiming("close the translation", options);
      const { timeoutMs = DEFAULT_CLOSE_TIMEOUT_MS } = options;
      return this.#end ??= this.#close(timeoutMs, options.signal);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Ends the session, see {@linkcode close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(timeoutMs: number, signal: AbortSignal | undefined): Promise<TranslationEnd> {
    const line = this.#line;
    let confirmed = false;
    try {
      this.#source.endTurn();
      line.finish();
      const timing = { what: "end the translation", signal, timeoutMs, clock: this.#clock };
      confirmed = await withTimeout(() => line.confirmed, timing);
    } catch {
      // Aborted, timed out, or already ended: see the result.
    }
    return { ...await line.close(), confirmed };
  }

  #receive(event: WireEvent | undefined, raw: IncomingTranslationServerEvent): void {
    switch (event?.type) {
      case "session.output_audio.delta":
        this.#play(event);
        break;
      case "session.input_transcript.delta":
        this.#write("input", event);
        break;
      case "session.output_transcript.delta":
        this.#write("output", event);
        break;
    }
    this.#events.publish(raw, false);
  }

  #play(event: WireEvent): void {
    try {
      this.#audio.push(toBytes(this.#aligner.push(decodeBase64(asString(event.delta) ?? "")).slice()));
    } catch (error) {
      this.#report(error, "output");
    }
  }

  #write(side: TranslationWords["side"], event: WireEvent): void {
    const text = asString(event.delta) ?? "";
    const isTold = typeof event.elapsed_ms === "number";
    const elapsedMs = isTold ? this.#line.startMs + numberAt(event, "elapsed_ms") : undefined;
    if (text) this.#words.publish({ side, text, elapsedMs });
  }

  /** Reports an error that has no other way to the application. */
  #report(error: unknown, context: string): void {
    try {
      this.#onUnhandled(error, context);
    } catch (failure) {
      console.error("Translation: onUnhandled failed", failure);
    }
  }
}
