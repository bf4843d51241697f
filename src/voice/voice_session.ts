// This module is browser compatible.
import { checkOptions, checkRequiredOptions, type OptionNames } from "../_internal/check_options.ts";
import { aBoolean } from "../_internal/option_kinds.ts";
import type { PcmChunk } from "../audio/mod.ts";
import { AudioPipe } from "../_media/audio_pipe.ts";
import { withTimeout } from "../_internal/timeout.ts";
import type { CloseInfo } from "../errors.ts";
import type {
  AddItemOptions,
  AskOutcome,
  CommandOptions,
  DrainOptions,
  DrainResult,
  RespondOptions,
  ResponseHandle,
  ResponseSettings,
  Session,
  UserContent,
} from "../session/mod.ts";
import { checkTiming } from "../session/command_options.ts";
import type { AudioChunk } from "./audio_chunk.ts";
import type { PipeResult, VoicePipes } from "./audio_ends.ts";
import { PushToTalk } from "./_push_to_talk.ts";
import { installVoice } from "./_install_voice.ts";
import { VoiceEngine } from "./_voice_engine.ts";
import type { PlayoutTracker, PlayoutTruncation } from "./playout_tracker.ts";
import type { TalkTurn } from "./talk_turn.ts";
import type { Utterance } from "./utterance.ts";
import type { VoiceEvent, VoiceEventMap } from "./voice_events.ts";
import { VOICE_NAMES, type VoiceOptions } from "./voice_options.ts";

/**
 * Options of {@linkcode VoiceSession.events}.
 *
 * @category Voice
 */
export interface VoiceEventsOptions {
  /**
   * Whether `audio_delta` events are included. There are many: a reader that waits during a long answer falls behind.
   *
   * @default {false}
   */
  audio?: boolean | undefined;
}

/**
 * Options of {@linkcode VoiceSession.waitForPlayout}.
 *
 * @category Voice
 */
export interface WaitForPlayoutOptions {
  /** Stops waiting when aborted. */
  signal?: AbortSignal | undefined;
  /**
   * Timeout in milliseconds.
   *
   * @default {undefined} as long as the audio lasts
   */
  timeoutMs?: number | undefined;
}

/**
 * A spoken conversation: the user's audio in, the model's out, as web streams, and interruptions that truncate the
 * model's message at the heard position. `connectVoice` opens one.
 *
 * @category Voice
 */
export class VoiceSession implements AsyncDisposable {
  /** The underlying session: messages, responses, commands. */
  readonly session: Session;
  /** The heard duration of each item of the model's speech. */
  readonly playback: PlayoutTracker;
  /**
   * Takes the user's audio: bytes in the session's input format, or 24 kHz samples, unless `inputRate` says otherwise.
   * Closing it sends the rest and, by default, enough silence to end the turn; the session stays open. Aborting it
   * drops unsent audio. When the session's input format changes, samples are converted to the new one.
   */
  readonly input: WritableStream<PcmChunk>;
  /**
   * The model's speech that should still be heard, of every response not read through {@linkcode outputOf}, one
   * response after the other; ends when the session has ended and the rest was heard. After an interruption, no stale
   * audio follows.
   */
  readonly output: ReadableStream<AudioChunk>;
  /** Resolves when the session has ended, no matter which side ended it; never rejects. */
  readonly closed: Promise<CloseInfo>;
  readonly #engine: VoiceEngine;
  readonly #options: VoiceOptions;
  readonly #pipe: AudioPipe<AudioChunk>;

  /**
   * Adds voice to a session.
   *
   * @throws {RangeError} when an option is out of range.
   * @throws {TypeError} when an option is unknown, when audio must be converted without an `audioKit`, or when the
   *   server plays the audio and `halfDuplex` is set without a `track`.
   */
  constructor(session: Session, options: VoiceOptions = {}) {
    checkOptions("add voice", options, VOICE_NAMES);
    const engine = installVoice(session, (host) => new VoiceEngine(host, session, options));
    this.session = session;
    this.closed = session.closed;
    this.playback = engine.records;
    this.input = engine.input.stream;
    this.output = engine.outputs.main.stream;
    this.#engine = engine;
    this.#options = options;
    this.#pipe = new AudioPipe({
      input: engine.input,
      output: this.output,
      bytesOf: ({ bytes }) => bytes,
      msOf: ({ durationMs, itemId }) => this.playback.get(itemId)?.cut ? undefined : durationMs,
      closed: this.closed,
      onError: (error) => engine.fail(error),
      clock: engine.clock,
    });
  }

  /** The user's audio that waits to leave, in milliseconds: an estimate from the bytes that the socket holds. */
  get lagMs(): number {
    return this.#engine.input.lagMs;
  }

  /** The user's audio that was dropped by the overflow policy, or because the input format changed, in milliseconds. */
  get droppedMs(): number {
    return this.#engine.input.droppedMs;
  }

  /** Whether {@linkcode mute} has switched the microphone off. */
  get muted(): boolean {
    return this.#engine.media.isMuted;
  }

  /**
   * Sends silence in place of the user's audio, so that an open turn can end; the source continues. Idempotent.
   *
   * @throws {TypeError} when the user's audio does not pass through this session, and its `track` is unknown.
   */
  mute(): void {
    this.#engine.media.mute(true);
  }

  /** Sends the user's audio again. Idempotent; throws like {@linkcode mute}. */
  unmute(): void {
    this.#engine.media.mute(false);
  }

  /**
   * All events from now on, at the reader's own pace; each call creates a new, independent reader. Audio is omitted
   * unless `audio` is true. A reader that falls 4,096 events behind ends with a `QuotaExceededError`; other readers are
   * not affected.
   */
  events(options: VoiceEventsOptions = {}): AsyncIterableIterator<VoiceEvent> {
    checkOptions("read events", options, { audio: aBoolean } satisfies OptionNames<VoiceEventsOptions>);
    return this.#engine.events.read(options.audio ? undefined : ({ type }) => type !== "audio_delta");
  }

  /**
   * Calls `listener` immediately with every event of this type or, for `"*"`, with every event, including audio. An
   * exception is reported as a `listener_failed` event.
   *
   * @returns a function that removes the listener.
   */
  on<T extends keyof VoiceEventMap & string>(type: T, listener: (event: VoiceEventMap[T]) => void): () => void {
    return this.#engine.events.on(type, listener);
  }

  /**
   * The utterances of either side from now on, in the order of the conversation; each call creates a new, independent
   * reader. The user's speech is included if the session has a `transcription`. An utterance that was interrupted, or
   * unfinished when the session ended, is marked. A reader that falls 4,096 utterances behind ends with a
   * `QuotaExceededError`.
   */
  transcripts(): AsyncIterableIterator<Utterance> {
    checkOptions("read transcripts", arguments[0], {});
    return this.#engine.utterances.read();
  }

  /**
   * The audio of one response that should still be heard. It is removed from `output`, and behaves like it: paced, cut
   * by interruptions, and ended with a `QuotaExceededError` when too much waits for its reader. Ends when all of it was
   * heard or cut, or the session has ended. Responses with streams of their own do not wait for each other. Each call
   * for a response returns the same stream.
   */
  outputOf(response: ResponseHandle): ReadableStream<AudioChunk> {
    return this.#engine.outputs.of(response).stream;
  }

  /**
   * Begins a push-to-talk turn of the user, and interrupts the model as speech does unless `autoBargeIn` is off.
   *
   * @throws {TypeError} when the server detects turns, or another turn is open.
   * @throws {ConnectionError} when the session has ended.
   */
  talk(): TalkTurn {
    const turn = new PushToTalk(this.#engine);
    if (this.#options.autoBargeIn !== false) this.#engine.interruptForSpeech(true);
    return turn;
  }

  /**
   * Pipes a source of the user's audio into the session, and the model's audio into a sink; never rejects. Resolves
   * when the session has ended, when the source and the sink have, or when one of them fails: the error is in the
   * result, and an `error` event reports it immediately. The session and the other end continue. Another call with
   * `from` replaces the source, with `to` the sink. When a source ends or fails, `inputEnd` ends the user's turn.
   *
   * @throws {TypeError} when `pipes` has other names than `from` and `to`.
   *
   * @example Another microphone in the middle of a session
   * ```ts
   * import { connectVoice } from "@oai-rt/edge";
   * import { createSimulator, synthesizeSpeech } from "@oai-rt/edge/simulator";
   * import { assertEquals } from "@std/assert";
   *
   * const { dial } = createSimulator({ pace: "fast" });
   * await using voice = await connectVoice({ apiKey: "sk-test", dial, turnDetection: null });
   *
   * const first = ReadableStream.from([synthesizeSpeech("Hello.")]);
   * assertEquals(await voice.pipe({ from: first }), {});
   * assertEquals(await voice.pipe({ from: [synthesizeSpeech("It is me again.")] }), {});
   * ```
   */
  pipe(pipes: VoicePipes): Promise<PipeResult> {
    checkRequiredOptions("pipe audio", pipes, { from: 1, to: 1 } satisfies OptionNames<VoicePipes>);
    return this.#pipe.pipe(pipes);
  }

  /**
   * Resolves when all received audio was played: according to the clock, the reports of the player, or the server. It
   * does not wait for audio that the model has yet to generate; `idle()` does. Never waits longer than the audio lasts.
   *
   * @throws {TypeError} when an option is unknown.
   * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` after `timeoutMs`.
   */
  // deno-lint-ignore require-await -- it rejects, rather than throws
  async waitForPlayout(options: WaitForPlayoutOptions = {}): Promise<void> {
    checkTiming("wait for playout", options);
    const { signal, timeoutMs } = options;
    const timing = { what: "wait for playout", signal, timeoutMs, clock: this.#engine.clock };
    return withTimeout((signal) => this.#engine.records.playedOut(signal), timing);
  }

  /**
   * Interrupts the model from the program: cancels the active response, drops the audio to be heard, and cuts every
   * item on the server at the heard position. Resolves with the cuts. When the server plays the audio, it reports the
   * cuts later, in `interrupted` events.
   *
   * @throws {RealtimeApiError} when the server rejects a cut.
   * @throws {ConnectionError} when the session ends first.
   */
  async bargeIn(): Promise<readonly PlayoutTruncation[]> {
    const { cuts, settled } = this.#engine.interrupt(true);
    await settled;
    return cuts;
  }

  /** Adds a message of the user; see `sendMessage()` of the session. */
  sendMessage(content: UserContent, options?: AddItemOptions): Promise<string> {
    return this.session.sendMessage(content, options);
  }

  /** Adds a message of the user and resolves with its answer; see `ask()` of the session. */
  ask(
    content: UserContent,
    settings?: ResponseSettings & Pick<CommandOptions, "signal">,
    options?: CommandOptions,
  ): Promise<AskOutcome> {
    return this.session.ask(content, settings, options);
  }

  /** Requests a response from the model; see `respond()` of the session. */
  respond(settings?: ResponseSettings, options?: RespondOptions): ResponseHandle {
    return this.session.respond(settings, options);
  }

  /** Resolves when the model has nothing more to say until it is asked again; see `idle()` of the session. */
  async idle(): Promise<void> {
    checkOptions("wait until idle", arguments[0], {});
    await this.session.idle();
  }

  /** Resolves when everything that the user said was answered and transcribed; see `drain()` of the session. */
  drain(options?: DrainOptions): Promise<DrainResult> {
    return this.session.drain(options);
  }

  /** Ends the session and drops the audio to be heard. When the server ends it, the rest is played. Idempotent. */
  close(code?: number, reason?: string): Promise<CloseInfo> {
    this.#engine.silence();
    return this.session.close(code, reason);
  }

  /** Ends the session. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
