// This module is browser compatible.
import type { PcmChunk } from "../audio/mod.ts";
import { type Clock, systemClock } from "../_internal/clock.ts";
import { EventHub } from "../_internal/event_hub.ts";
import { stringAt, toWireEvent, type WireEvent } from "../_internal/wire.ts";
import type { CloseInfo } from "../errors.ts";
import { isMalformedServerEvent, type MalformedServerEvent } from "../protocol/mod.ts";
import type { LocalEvent, Session, SessionEvent } from "../session/mod.ts";
import type { AudioChunk } from "./audio_chunk.ts";
import { createAudioInput, DEFAULT_CHUNK_MS, type InputEnd } from "./_audio_input.ts";
import { AudioOutput, DEFAULT_LEAD_MS, type PlaybackSource } from "./_audio_output.ts";
import { Interrupter } from "./_interrupter.ts";
import { type PipeResult, pipeVoice, type VoicePipes } from "./_pipe_voice.ts";
import { SpeechReader } from "./_speech_reader.ts";
import { toVoiceEvent } from "./_to_voice_event.ts";
import { type Cut, PlaybackLedger } from "./playback_ledger.ts";
import type { VoiceEvent, VoiceEventMap } from "./voice_events.ts";

/** Options of a {@linkcode VoiceSession}. */
export interface VoiceOptions {
  /**
   * Length of one append of the user's audio, in milliseconds, 20 to 200.
   *
   * @default {100}
   */
  chunkMs?: number | undefined;
  /**
   * What closing the input does after the last audio was sent.
   *
   * @default {"silence"} when the server finds the turns, `"nothing"` otherwise
   */
  inputEnd?: InputEnd | undefined;
  /**
   * Who knows what was heard.
   *
   * @default {"paced"}
   */
  playbackSource?: PlaybackSource | undefined;
  /**
   * How far the paced output may run ahead of the playhead, in milliseconds. After an interruption at most this much
   * stale audio is in the hands of the reader.
   *
   * @default {200}
   */
  leadMs?: number | undefined;
  /**
   * Whether the user's speech cuts what the model says.
   *
   * @default {true}
   */
  autoBargeIn?: boolean | undefined;
  /**
   * Source of time.
   *
   * @default {systemClock}
   */
  clock?: Clock | undefined;
}

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
   * Takes the user's audio: bytes in the session's input format, or 24 kHz samples. Closing it sends what is left and, by
   * default, as much silence as ends the turn; the session stays open.
   */
  readonly input: WritableStream<PcmChunk>;
  /**
   * The model's speech that should still be heard; ends when the session has ended and the rest was read. After an
   * interruption nothing stale comes out.
   */
  readonly output: ReadableStream<AudioChunk>;
  /** Resolves when the session has ended, whoever ended it; never rejects. */
  readonly closed: Promise<CloseInfo>;
  readonly #events = new EventHub<VoiceEvent, VoiceEventMap>((error, eventType) => {
    if (eventType !== "listener_failed") this.#events.publish({ type: "listener_failed", error, eventType });
  });
  readonly #output: AudioOutput;
  readonly #interrupter: Interrupter;
  readonly #speech = new SpeechReader();
  readonly #autoBargeIn: boolean;

  /** Adds voice to a session. */
  constructor(session: Session, options: VoiceOptions = {}) {
    const clock = options.clock ?? systemClock;
    this.session = session;
    this.closed = session.closed;
    this.#autoBargeIn = options.autoBargeIn ?? true;
    this.playback = new PlaybackLedger(() => this.#output.sync());
    this.#output = new AudioOutput({
      ledger: this.playback,
      source: options.playbackSource ?? "paced",
      leadMs: options.leadMs ?? DEFAULT_LEAD_MS,
      clock,
    });
    this.output = this.#output.stream;
    this.#interrupter = new Interrupter(session, this.playback);
    const { chunkMs = DEFAULT_CHUNK_MS, inputEnd } = options;
    this.input = createAudioInput(session, { chunkMs, inputEnd, clock });
    session.on("*", (event) => this.#receive(event));
    this.#events.ready();
    session.closed.then(() => {
      this.#output.end();
      this.#events.end();
    });
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
    this.#output.clear();
    this.#output.end();
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
    if (wire.type === "response.output_audio.delta") this.#speak(wire);
    if (wire.type === "response.output_audio.done") this.#endItem(wire);
    const voiceEvent = toVoiceEvent(wire);
    if (voiceEvent) this.#events.publish(voiceEvent);
    if (wire.type === "input_audio_buffer.speech_started" && this.#autoBargeIn) this.#interruptForSpeech();
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
      this.playback.begin(piece);
      this.playback.receive(piece.itemId, piece.durationMs);
      this.#output.push(piece);
      this.#events.publish({ type: "audio_delta", ...piece });
    }
  }

  #endItem(event: WireEvent): void {
    const itemId = stringAt(event, "item_id") ?? "";
    this.#speech.end(itemId);
    this.playback.complete(itemId);
  }

  #interruptForSpeech(): void {
    const turnDetection = this.session.config?.audio?.input?.turn_detection;
    const { settled } = this.#cut(turnDetection?.interrupt_response === false);
    settled.catch((error) => {
      // A refusal has arrived as an event already, and so has the end of the session.
      if (error instanceof DOMException) this.#events.publish({ type: "error", error });
    });
  }

  #cut(cancel: boolean): { cuts: readonly Cut[]; settled: Promise<unknown> } {
    this.#output.clear();
    const result = this.#interrupter.interrupt(cancel);
    for (const { itemId, responseId, heardMs, receivedMs, action } of result.cuts) {
      this.#events.publish({ type: "interrupted", itemId, responseId, heardMs, receivedMs, action });
    }
    return result;
  }
}

function isLocalEvent(event: SessionEvent): event is LocalEvent {
  return event.type.startsWith("tool_call_") || event.type === "listener_failed";
}
