// This module is browser compatible.
import { LazySet } from "../_internal/lazy_collections.ts";
import { type Clock, systemClock } from "../_internal/clock.ts";
import { EventHub } from "../_internal/event_hub.ts";
import { addBounded } from "../_internal/add_bounded.ts";
import { asString, at, isRecord, stringAt, type WireEvent } from "../_internal/wire.ts";
import type { ConnectionError } from "../errors.ts";
import { isMalformedServerEvent, type MalformedServerEvent } from "../protocol/mod.ts";
import type { InstalledPart, LocalEvent, Session, SessionClosedEvent, SessionHost } from "../session/mod.ts";
import type { TransportPlayback } from "../transport/mod.ts";
import type { AudioChunk } from "./audio_chunk.ts";
import { Interrupter } from "./_interrupter.ts";
import { AudioInput } from "../_media/audio_input.ts";
import { AudioOutputs } from "./_media/audio_outputs.ts";
import { SessionInput } from "../_media/input_port.ts";
import { resend } from "../_recovery/resend.ts";
import { withInputDefaults } from "../_media/input_settings.ts";
import type { VoiceMedia } from "./_media/media.ts";
import { PcmMedia } from "./_media/pcm_media.ts";
import { type PlayoutRecord, toTruncation } from "./_media/playout_record.ts";
import { PlayoutRecords } from "./_media/playout_records.ts";
import { SpeechReader } from "./_media/speech_reader.ts";
import { TrackMedia } from "./_media/track_media.ts";
import { SpokenWords } from "./_spoken_words.ts";
import { toVoiceEvent } from "./_to_voice_event.ts";
import { Utterances } from "./_utterances.ts";
import type { PlayoutTruncation } from "./playout_tracker.ts";
import type { VoiceEvent, VoiceEventMap } from "./voice_events.ts";
import type { VoiceOptions } from "./voice_options.ts";

/** Shortest piece of audio for the paced output, in milliseconds. */
const MIN_PIECE_MS = 20;

/** Number of finished responses that are remembered. */
const MAX_ENDED = 64;

/** The parts of a voice session, and the handlers that forward every event to them. */
export class VoiceEngine {
  readonly events: EventHub<VoiceEvent, VoiceEventMap> = new EventHub((error, eventType) => {
    if (eventType === "listener_failed") return;
    const isHeard = this.events.publish({ type: "listener_failed", error, eventType });
    if (!isHeard) this.#host.report(error, eventType);
  });
  readonly clock: Clock;
  readonly input: AudioInput;
  readonly media: VoiceMedia;
  readonly outputs: AudioOutputs;
  /** The destination of the input. */
  readonly port: SessionInput;
  readonly records: PlayoutRecords;
  readonly session: Session;
  /** The handlers that the session calls. */
  readonly part: InstalledPart;
  readonly utterances: Utterances;
  readonly #host: SessionHost;
  readonly #interrupter: Interrupter;
  readonly #notifyInterrupted: () => void;
  readonly #options: VoiceOptions;
  readonly #ended = new LazySet<string>();
  readonly #speech: SpeechReader;
  readonly #words = new SpokenWords(
    (itemId) => this.records.find(itemId),
    (itemId, heardOf) => this.#host.reportHeard(itemId, heardOf),
  );
  /** Whether the session already knows that the current playback was interrupted. */
  #isInterrupted = false;
  #forgetBargeIn: (() => void) | undefined;

  /**
   * Adds voice to a session.
   *
   * @throws {RangeError} when an option is out of range.
   * @throws {TypeError} when audio must be converted without an `audioKit`, or a required track is missing.
   */
  constructor(host: SessionHost, session: Session, options: VoiceOptions) {
    const { playbackSource, leadMs = 200, maxUnheardMs = 600_000, clock = systemClock } = options;
    // All audio between turns would stay in memory.
    if (options.preRollMs === Infinity) {
      throw new RangeError("Cannot add voice as preRollMs must be finite: current value is Infinity");
    }
    this.session = session;
    this.#host = host;
    this.#options = options;
    this.clock = clock;
    const records = this.records = new PlayoutRecords({
      clock,
      sync: () => this.media.sync(),
      onStopped: (record) => {
        this.#words.report(record);
        this.#interrupter.correct(record);
      },
    });
    this.outputs = new AudioOutputs({
      records,
      isPaced: playbackSource !== "reported",
      leadMs,
      maxUnheardMs,
      clock,
      onOverflow: (error) => this.fail(error),
    });
    // Two pieces make up the lead: one is heard while the other one is fetched.
    this.#speech = new SpeechReader(Math.max(MIN_PIECE_MS, leadMs / 2));
    const playback = (playbackSource ?? host.playback) === "server" ? "server" : "client";
    this.media = this.#makeMedia(playback);
    this.#interrupter = new Interrupter(session, { playback, records, responses: host.responses });
    this.port = new SessionInput(session, (end) => resend(end, host.generations));
    this.input = new AudioInput(this.port, {
      ...withInputDefaults(options),
      clock,
      isMuted: () => this.media.isSilent,
      onLag: () => this.events.publish({ type: "lag", lagMs: this.input.lagMs, droppedMs: this.input.droppedMs }),
    });
    this.utterances = new Utterances({
      conversation: session.conversation,
      clock,
      transcriptTimeoutMs: options.transcriptTimeoutMs ?? 10_000,
    });
    host.takeAudio();
    this.#notifyInterrupted = host.decideInterruptions();
    this.part = {
      on: { ...this.#handlers(), "*": (event) => this.#receive(event) },
      onReceived: (event) => isMalformedServerEvent(event) && this.#reportMalformed(event),
      onLocal: (event) => this.#receiveLocal(event),
      isHeard: ({ type }) => this.events.isHeard(type),
      // Not when it closes, as tools that run report their end meanwhile.
      end: (closed, error) => this.#end(closed, error),
    };
    this.events.ready();
  }

  /** Publishes an error; the session continues. */
  fail(error: unknown): void {
    const cause = error instanceof Error ? error : new Error(`The audio failed: ${error}`, { cause: error });
    if (!this.events.publish({ type: "error", error: cause })) this.#host.report(cause, "voice");
  }

  /** Interrupts the model; `settled` resolves when the server has confirmed it. */
  interrupt(cancel: boolean): { readonly cuts: readonly PlayoutTruncation[]; readonly settled: Promise<unknown> } {
    const tell = (records: readonly PlayoutRecord[]) => {
      this.#isInterrupted = true;
      this.#notifyInterrupted();
      for (const record of records) this.#publishCut(record);
    };
    const { records, settled } = this.#interrupter.interrupt(cancel, () => this.media.stop(), tell);
    return { cuts: records.map(toTruncation), settled };
  }

  /** Interrupts the model because the user speaks. */
  interruptForSpeech(cancel: boolean): void {
    this.interrupt(cancel).settled.catch((error) => {
      // A rejection has already arrived as an event, and so has the end of the session.
      if (error instanceof DOMException) this.fail(error);
    });
  }

  /** Drops the audio to be heard, and ends the outputs. */
  silence(): void {
    this.outputs.clear();
    this.outputs.end();
    this.records.endAt(this.clock.now());
  }

  #receiveLocal(event: LocalEvent): void {
    if (event.type === "reconnecting" || event.type === "renewed") {
      this.#isInterrupted ||= this.#host.generations.startsAnew;
      if (this.#host.generations.startsAnew) this.media.drop();
      this.records.detach();
    }
    const isFlushed = event.type === "reconnecting" && this.#options.onDrop === "flush";
    for (const record of isFlushed ? this.media.stop() : []) this.#publishCut(record);
    this.events.publish(event);
  }

  #makeMedia(playback: TransportPlayback): VoiceMedia {
    const { echoTailMs = 150, halfDuplex = false, track } = this.#options;
    const common = { clock: this.clock, echoTailMs, halfDuplex, records: this.records };
    if (playback === "client") return new PcmMedia({ ...common, outputs: this.outputs });
    return new TrackMedia({
      ...common,
      track,
      words: (itemId) => this.#words.of(itemId),
      events: {
        started: (responseId) => {
          this.#isInterrupted = false;
          this.events.publish({ type: "playback_started", responseId });
        },
        stopped: (responseId, interrupted) => {
          // The server may interrupt even if the client would not.
          if (interrupted && !this.#isInterrupted) this.#notifyInterrupted();
          this.events.publish({ type: "playback_stopped", responseId, interrupted });
        },
        cut: (record) => this.#publishCut(record),
      },
    });
  }

  #handlers(): Record<string, (event: WireEvent) => void> {
    const addWords = (event: WireEvent) => this.#words.add(asString(event.item_id) ?? "", asString(event.delta) ?? "");
    const endItem = (event: WireEvent) => this.#endItem(stringAt(event.item, "id") ?? "");
    return {
      "response.created": (event) => this.#speech.begin(event),
      "response.output_audio_transcript.delta": addWords,
      "response.output_text.delta": addWords,
      "response.output_audio.delta": (event) => this.#speak(event),
      "response.output_audio.done": (event) => this.records.complete(asString(event.item_id) ?? ""),
      "response.output_item.done": endItem,
      "conversation.item.done": endItem,
      "conversation.item.deleted": (event) => this.records.remove(asString(event.item_id) ?? ""),
      "response.done": (event) => this.#endResponse(event),
    };
  }

  /** Processes an event after its handler. */
  #receive(event: WireEvent): void {
    if (event.type === "response.done" && this.#isRepeated(event)) return;
    this.utterances.receive(event);
    this.media.receive(event);
    const voiceEvent = toVoiceEvent(event);
    if (voiceEvent) this.events.publish(this.#withHeardText(voiceEvent));
    if (event.type === "input_audio_buffer.speech_stopped") this.#forgetBargeIn?.();
    if (event.type === "input_audio_buffer.speech_started") this.#startBargeIn();
  }

  /** A response does not end twice. */
  #isRepeated(event: WireEvent): boolean {
    const id = stringAt(event.response, "id");
    if (!id) return false;
    if (this.#ended.has(id)) return true;
    addBounded(this.#ended, id, MAX_ENDED);
    return false;
  }

  #reportMalformed(event: MalformedServerEvent): void {
    const [issue] = event.issues;
    const message = issue ? `${issue.path} ${issue.message}` : "it is not an event";
    this.events.publish({ type: "decode_error", eventType: event.eventType, message });
  }

  #speak(event: WireEvent): void {
    let pieces: AudioChunk[];
    try {
      pieces = this.#speech.read(event, this.session.config?.audio?.output?.format);
    } catch (error) {
      const { message } = error as SyntaxError;
      return void this.events.publish({ type: "decode_error", eventType: event.type, message });
    }
    for (const piece of pieces) {
      const place = this.#interrupter.admit(piece);
      if (place) {
        this.media.play(piece, place);
        if (this.events.isHeard("audio_delta")) this.events.publish({ type: "audio_delta", ...piece }, false);
        // It may have begun after the interruption, and was not cut itself.
      } else this.#words.heardOf(piece.itemId);
    }
  }

  #endItem(itemId: string): void {
    this.#speech.end(itemId);
    this.#interrupter.end(itemId);
  }

  /** A server need not report that the items of a truncated response are done. */
  #endResponse(event: WireEvent): void {
    const output = at(event.response, "output");
    for (const item of Array.isArray(output) ? output.filter(isRecord) : []) this.#endItem(stringAt(item, "id") ?? "");
    this.#endItem(stringAt(event.response, "id") ?? "");
  }

  #startBargeIn(): void {
    const { autoBargeIn = true, minBargeInMs = 0 } = this.#options;
    if (!autoBargeIn) return;
    const turnDetection = this.session.config?.audio?.input?.turn_detection;
    const interrupt = () => this.interruptForSpeech(turnDetection?.interrupt_response === false);
    this.#forgetBargeIn?.();
    if (minBargeInMs <= 0) interrupt();
    else this.#forgetBargeIn = this.clock.schedule(interrupt, minBargeInMs);
  }

  #publishCut(record: PlayoutRecord): void {
    this.events.publish({ type: "interrupted", ...toTruncation(record), ...this.#words.cut(record) });
  }

  #withHeardText(event: VoiceEvent): VoiceEvent {
    if (event.type !== "transcript_done") return event;
    const heardText = this.#words.heardOf(event.itemId)?.(event.transcript);
    return heardText === undefined ? event : { ...event, heardText };
  }

  #end(closed: SessionClosedEvent, error: ConnectionError | undefined): void {
    this.#forgetBargeIn?.();
    this.media.end();
    this.outputs.end();
    this.utterances.end(error);
    this.events.end(closed, error);
  }
}
