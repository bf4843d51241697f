// This module is browser compatible.
import type { PcmChunk } from "../audio/mod.ts";
import { type Clock, systemClock } from "../_internal/clock.ts";
import { EventHub } from "../_internal/event_hub.ts";
import { heardText } from "../_internal/heard_text.ts";
import { stringAt, toWireEvent, type WireEvent } from "../_internal/wire.ts";
import type { CloseInfo } from "../errors.ts";
import { isMalformedServerEvent, type MalformedServerEvent } from "../protocol/mod.ts";
import { isLocalEvent, type ResponseHandle, type Session, type SessionEvent } from "../session/mod.ts";
import type { AudioChunk } from "./audio_chunk.ts";
import { AudioInput } from "./_audio_input.ts";
import { AudioOutputs } from "./_audio_outputs.ts";
import { Interrupter } from "./_interrupter.ts";
import { type PipeResult, pipeVoice, type VoicePipes } from "./_pipe_voice.ts";
import { PushToTalk } from "./_push_to_talk.ts";
import { SpeechReader } from "./_speech_reader.ts";
import { toVoiceEvent } from "./_to_voice_event.ts";
import { Transcripts } from "./_transcripts.ts";
import { type Cut, PlaybackLedger } from "./playback_ledger.ts";
import type { TalkTurn } from "./talk_turn.ts";
import type { Utterance } from "./utterance.ts";
import type { VoiceEvent, VoiceEventMap } from "./voice_events.ts";
import type { VoiceOptions } from "./voice_options.ts";

/** Options that are times of any length. */
const TIMES = ["leadMs", "maxUnheardMs", "minBargeInMs", "preRollMs"] as const;

/**
 * A spoken conversation: the user's audio in, the model's out, as web streams, and an interruption that cuts the model
 * where it was heard. `connectVoice` makes one.
 */
export class VoiceSession implements AsyncDisposable {
  /** The conversation underneath: messages, responses, commands. */
  readonly session: Session;
  /** How much of the model's speech was heard, item by item. */
  readonly playback: PlaybackLedger;
  /**
   * Takes the user's audio: bytes in the session's input format, or 24 kHz samples, unless `inputRate` says otherwise.
   * Closing it sends what is left and, by default, as much silence as ends the turn; the session stays open. Aborting it
   * drops what has not been sent.
   */
  readonly input: WritableStream<PcmChunk>;
  /**
   * The model's speech that should still be heard, of every response that {@linkcode outputOf} does not give out; ends when
   * the session has ended and the rest was heard. After an interruption nothing stale comes out.
   */
  readonly output: ReadableStream<AudioChunk>;
  /** Resolves when the session has ended, whoever ended it; never rejects. */
  readonly closed: Promise<CloseInfo>;
  readonly #events = new EventHub<VoiceEvent, VoiceEventMap>((error, eventType) => {
    if (eventType !== "listener_failed") this.#events.publish({ type: "listener_failed", error, eventType });
  });
  readonly #input: AudioInput;
  readonly #outputs: AudioOutputs;
  readonly #interrupter: Interrupter;
  readonly #speech = new SpeechReader();
  readonly #transcripts: Transcripts;
  readonly #options: VoiceOptions;
  readonly #clock: Clock;
  #forgetBargeIn = (): void => {};

  /**
   * Adds voice to a session.
   *
   * @throws {RangeError} when an option is out of range.
   * @throws {TypeError} when audio must be converted and there is no `audioKit`.
   */
  constructor(session: Session, options: VoiceOptions = {}) {
    const { playbackSource: source = "paced", leadMs = 200, maxUnheardMs = 600_000, clock = systemClock } = options;
    for (const name of TIMES) {
      const { [name]: value = 0 } = options;
      if (!(value >= 0)) throw new RangeError(`Cannot add voice as ${name} must be >= 0: current value is ${value}`);
    }
    this.session = session;
    this.closed = session.closed;
    this.#options = options;
    this.#clock = clock;
    this.playback = new PlaybackLedger(() => this.#outputs.all.forEach((output) => output.sync()));
    this.#outputs = new AudioOutputs({
      ledger: this.playback,
      source,
      leadMs,
      maxUnheardMs,
      clock,
      onOverflow: (error) => this.#events.publish({ type: "error", error }),
    });
    this.output = this.#outputs.main.stream;
    this.#interrupter = new Interrupter(session, this.playback, source === "server");
    this.#input = new AudioInput(session, {
      ...options,
      chunkMs: options.chunkMs ?? 100,
      overflow: options.overflow ?? "wait",
      maxLagMs: options.maxLagMs ?? 5000,
      clock,
      isMuted: () => options.halfDuplex === true && this.#outputs.all.some((output) => output.isHeard),
      onLag: () => this.#events.publish({ type: "lag", lagMs: this.lagMs, droppedMs: this.droppedMs }),
    });
    this.input = this.#input.stream;
    this.#transcripts = new Transcripts(() => Boolean(session.config?.audio?.input?.transcription));
    session.on("*", (event) => this.#receive(event));
    this.#events.ready();
    session.closed.then(() => {
      this.#forgetBargeIn();
      for (const output of this.#outputs.all) output.end();
      this.#transcripts.end();
      this.#events.end();
    });
  }

  /** The user's audio that waits to leave, in milliseconds: an estimate from what the socket holds. */
  get lagMs(): number {
    return this.#input.lagMs;
  }

  /** The user's audio that was dropped by the overflow policy, in milliseconds. */
  get droppedMs(): number {
    return this.#input.droppedMs;
  }

  /**
   * Everything that happens from now on, at the reader's own pace; each call makes a new, independent reader. One that
   * falls 4,096 events behind ends with a `QuotaExceededError`; nobody else notices.
   */
  events(): AsyncIterableIterator<VoiceEvent> {
    return this.#events.read();
  }

  /**
   * Calls `listener` at once with every event of this type, or with every event for `"*"`. What it throws is reported as
   * a `listener_failed` event.
   *
   * @returns a function that takes the listener out again.
   */
  on<T extends keyof VoiceEventMap & string>(type: T, listener: (event: VoiceEventMap[T]) => void): () => void {
    return this.#events.on(type, listener);
  }

  /**
   * What is said from now on by either side, message by message in the order of the conversation; each call makes a new,
   * independent reader. The user's speech is in it when the session has a `transcription`. One that falls 4,096 messages
   * behind ends with a `QuotaExceededError`.
   */
  transcripts(): AsyncIterableIterator<Utterance> {
    return this.#transcripts.read();
  }

  /**
   * The audio of one response that should still be heard. It comes out here, and no longer out of `output`, in the same
   * manner: paced, cut by interruptions, ending in a `QuotaExceededError` when too much waits for its reader. Ends when
   * all of it was heard or cut, or the session has ended. Responses that have streams of their own do not wait for each
   * other. Each call for a response gives the same stream.
   */
  outputOf(response: ResponseHandle): ReadableStream<AudioChunk> {
    return this.#outputs.of(response).stream;
  }

  /**
   * Begins a turn of the user by push-to-talk, and interrupts the model as speech does unless `autoBargeIn` is off.
   *
   * @throws {TypeError} when the server finds the turns, or another turn is open.
   * @throws {ConnectionError} when the session has ended.
   */
  talk(): TalkTurn {
    const turn = new PushToTalk(this.session, this.#input);
    if (this.#options.autoBargeIn !== false) this.#interruptForSpeech(true);
    return turn;
  }

  /**
   * Pipes a source of the user's audio into the session, and the model's audio into a sink; never rejects. Resolves when
   * the session has ended, or when both pipes have; what went wrong with the source or the sink is in the result.
   */
  pipe(pipes: VoicePipes): Promise<PipeResult> {
    return pipeVoice(this, pipes);
  }

  /**
   * Interrupts the model by hand: cancels the active response, drops what waits to be heard, and cuts every item on the
   * server where it was heard. Resolves with what was cut.
   *
   * @throws {RealtimeApiError} when the server refuses a cut.
   * @throws {ConnectionError} when the session ends first.
   */
  async bargeIn(): Promise<readonly Cut[]> {
    const { cuts, settled } = this.#cut(true);
    await settled;
    return cuts;
  }

  /**
   * Ends the session; what waits to be heard is dropped. When the server ends it, the rest is still given out. Idempotent.
   */
  close(code?: number, reason?: string): Promise<CloseInfo> {
    for (const output of this.#outputs.all) {
      output.clear();
      output.end();
    }
    return this.session.close(code, reason);
  }

  /** Ends the session. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #receive(event: SessionEvent): void {
    const wire = toWireEvent(event);
    if (isMalformedServerEvent(event)) this.#reportMalformed(event);
    if (isLocalEvent(event)) return this.#events.publish(event);
    if (!wire) return;
    this.#interrupter.receive(wire);
    this.#transcripts.receive(wire);
    if (wire.type === "response.created") this.#speech.begin(wire);
    if (wire.type === "response.output_audio.delta") this.#speak(wire);
    // Of what it cut short a server need not say that its audio is done, nor its items.
    if (/^response\.(output_(audio|item)\.)?done$/.test(wire.type)) this.#endAudio(wire);
    const voiceEvent = toVoiceEvent(wire);
    if (voiceEvent) this.#events.publish(voiceEvent);
    if (wire.type === "input_audio_buffer.speech_stopped") this.#forgetBargeIn();
    if (wire.type === "input_audio_buffer.speech_started") this.#startBargeIn();
  }

  #reportMalformed(event: MalformedServerEvent): void {
    const issue = event.issues[0];
    const message = issue ? `${issue.path} ${issue.message}` : "it is not an event";
    this.#events.publish({ type: "decode_error", eventType: event.eventType, message });
  }

  #speak(event: WireEvent): void {
    let pieces: AudioChunk[];
    try {
      pieces = this.#speech.read(event, this.session.config?.audio?.output?.format);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return this.#events.publish({ type: "decode_error", eventType: event.type, message });
    }
    for (const piece of pieces) {
      if (!this.#interrupter.admits(piece)) continue;
      if (this.#options.playbackSource !== "server") {
        this.playback.begin(piece);
        this.playback.receive(piece.itemId, piece.durationMs);
        this.#outputs.push(piece);
      }
      this.#events.publish({ type: "audio_delta", ...piece });
    }
  }

  #endAudio(event: WireEvent): void {
    const id = stringAt(event, "item_id") ?? stringAt(event, "item", "id") ?? stringAt(event, "response", "id") ?? "";
    this.#speech.end(id);
    this.playback.complete(id);
  }

  #startBargeIn(): void {
    const { autoBargeIn = true, minBargeInMs = 0 } = this.#options;
    if (!autoBargeIn) return;
    const turnDetection = this.session.config?.audio?.input?.turn_detection;
    const interrupt = () => this.#interruptForSpeech(turnDetection?.interrupt_response === false);
    this.#forgetBargeIn();
    if (minBargeInMs <= 0) interrupt();
    else this.#forgetBargeIn = this.#clock.schedule(interrupt, minBargeInMs);
  }

  #interruptForSpeech(cancel: boolean): void {
    const { settled } = this.#cut(cancel);
    settled.catch((error) => {
      // A refusal has arrived as an event already, and so has the end of the session.
      if (error instanceof DOMException) this.#events.publish({ type: "error", error });
    });
  }

  #cut(cancel: boolean): { cuts: readonly Cut[]; settled: Promise<unknown> } {
    for (const output of this.#outputs.all) output.clear();
    const result = this.#interrupter.interrupt(cancel);
    for (const cut of result.cuts) {
      const text = this.#transcripts.spoken(cut.itemId);
      const heard = heardText(text, cut.heardMs, cut.receivedMs);
      this.#events.publish({ type: "interrupted", ...cut, text, heardText: heard });
    }
    return result;
  }
}
