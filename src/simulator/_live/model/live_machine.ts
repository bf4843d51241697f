// This module is browser compatible.
import type { IdGenerator } from "../../../_internal/ids.ts";
import { decodeBase64, toInt16 } from "../../../audio/mod.ts";
import {
  type LiveAudioFormat,
  type LiveOutgoingEvent,
  type LiveSessionResource,
  MAX_LIVE_APPEND_TOKENS,
} from "../../../protocol/mod.ts";
import { ServerError, serverError } from "../../_errors/server_error.ts";
import { Delegations } from "./delegations.ts";
import { GRID_MS, InputClock } from "./input_clock.ts";
import { LIVE_RATE, liveAudioReader, liveResampler } from "./live_format.ts";
import type { LiveScenario } from "../../live/live_scenario.ts";
import { updatedSession } from "../service/session_resource.ts";
import type { LiveOutgoing, Stage } from "./stage.ts";
import { Turns } from "./turns.ts";
import { VoiceTrack } from "./voice_track.ts";

/** Delay between a commentary and the model's speech, in milliseconds; after instructions it is 1.2 s longer. */
const COMMENTARY_AFTER_MS = 600;
const INSTRUCTIONS_AFTER_MS = 1_800;

/** Approximate number of characters per token. */
const CHARACTERS_OF_A_TOKEN = 4;

type AppendEvent = Extract<LiveOutgoingEvent, { readonly delegation_id: string | null }>;

/** Dependencies of a machine. */
export interface LiveMachineOptions {
  /** Format of the audio that {@linkcode LiveMachine.append} gets. */
  readonly format: LiveAudioFormat;
  /** The scenario, if there is one. */
  readonly scenario: LiveScenario | undefined;
  /** Creates identifiers. */
  readonly ids: IdGenerator;
  /** Sends an event to all clients; returns its id. */
  readonly emit: (event: LiveOutgoing) => string;
  /** Called with the heard and the spoken audio of a step: 24 kHz, 100 ms each. */
  readonly onStep: (heard: Int16Array, said: Int16Array, startMs: number) => void;
}

/** A session that has started, in its own time: that of its input. */
export class LiveMachine {
  readonly #stage: Stage;
  readonly #scenario: LiveScenario | undefined;
  readonly #delegations: Delegations;
  readonly #turns: Turns;
  readonly #clock: InputClock;
  readonly #reader: { readonly rate: number; read(base64: string): Int16Array };
  readonly #onStep: LiveMachineOptions["onStep"];
  readonly #toKept: (samples: Int16Array) => Int16Array;
  #appends: { readonly event: AppendEvent; readonly clientEventId: string | undefined }[] = [];
  #isMuted = false;
  #turn = 0;

  constructor(session: LiveSessionResource, { emit, format, ids, onStep, scenario }: LiveMachineOptions) {
    const nextTurn = () => scenario?.turns[this.#turn++];
    this.#stage = { session, nowMs: 0, voice: new VoiceTrack(), scenario, ids, nextTurn, emit };
    this.#scenario = scenario;
    this.#onStep = onStep;
    this.#delegations = new Delegations(this.#stage, () => this.#turns.resume());
    this.#turns = new Turns(this.#stage, this.#delegations);
    this.#reader = liveAudioReader(format);
    this.#toKept = liveResampler(format.rate, LIVE_RATE);
    this.#clock = new InputClock(format.rate, (samples, startMs) => this.#step(this.#toKept(samples), startMs));
    if (scenario?.opening) this.#stage.voice.say(scenario.opening, 0);
  }

  /** The session with its current settings. */
  get session(): LiveSessionResource {
    return this.#stage.session;
  }

  /** Duration of the heard input, in milliseconds. */
  get inputMs(): number {
    return this.#clock.nowMs;
  }

  /** Whether the model is speaking. */
  get isSpeaking(): boolean {
    return this.#stage.voice.isSpeaking;
  }

  /** Whether the input is hidden from the model. */
  get isMuted(): boolean {
    return this.#isMuted;
  }

  /** Hears samples at the rate of the format. */
  hear(samples: Int16Array): void {
    this.#clock.hear(samples);
  }

  /** The input after the last step, at 24 kHz; called once, at the end. */
  rest(): Int16Array {
    return this.#toKept(this.#clock.rest);
  }

  /**
   * Reads appended audio: samples at the rate of the format.
   *
   * @throws {ServerError} when it is not audio.
   */
  read(audio: string): Int16Array {
    return this.#reader.read(audio);
  }

  /**
   * Executes a client event; the session itself handles start, close and append.
   *
   * @throws {ServerError} when it cannot be executed.
   */
  receive(event: LiveOutgoingEvent): void {
    const client_event_id = event.event_id ?? undefined;
    switch (event.type) {
      case "session.update":
        this.#stage.session = updatedSession(this.#stage.session, event.session);
        return void this.#stage.emit({ type: "session.updated", session: this.#stage.session, client_event_id });
      case "session.input_audio.mute":
      case "session.input_audio.unmute":
        this.#isMuted = event.type === "session.input_audio.mute";
        return void this.#stage.emit({ type: `${event.type}d`, client_event_id });
      case "session.instructions.append":
      case "session.thinking.append":
      case "session.commentary.append":
        return this.#append(event, client_event_id);
      case "session.output_audio.fixture.play":
        return this.#play(event.audio, client_event_id);
      case "response.item.create":
        this.#assertResponses();
        return this.#delegations.backend.createItem(event.item);
      case "response.create":
        this.#assertResponses();
        return this.#delegations.backend.createResponse();
      case "decision.create":
        return this.#delegations.decisions.create(event.event_id);
      case "decision.item.create":
        return this.#delegations.decisions.addItem(event.item, client_event_id);
      case "decision.item.delete":
        return this.#delegations.decisions.deleteItem(event.item_id, client_event_id);
    }
  }

  #assertResponses(): void {
    if (this.#delegations.target === "responses") return;
    throw new ServerError("The session has no responses delegation.", { code: "invalid_request_error" });
  }

  #append(event: AppendEvent, clientEventId: string | undefined): void {
    const { content, delegation_id: id } = event;
    if (this.#stage.voice.hasFixture) {
      throw new ServerError("Context cannot be appended while a fixture plays.", {
        code: "context_injection_incomplete",
      });
    }
    if (content.length > MAX_LIVE_APPEND_TOKENS * CHARACTERS_OF_A_TOKEN) {
      throw serverError("too_many_tokens", { param: "content", bound: MAX_LIVE_APPEND_TOKENS });
    }
    if (id !== null && !this.#delegations.has(id)) {
      throw new ServerError(`There is no client delegation with id '${id}'.`, {
        code: "invalid_value",
        param: "delegation_id",
      });
    }
    if (event.type !== "session.instructions.append") this.#delegations.cancelAcknowledgements();
    this.#appends.push({ event, clientEventId });
  }

  #play(audio: string, client_event_id: string | undefined): void {
    const { emit, voice } = this.#stage;
    if (voice.hasFixture) throw new ServerError("A fixture is playing.", { code: "invalid_request_error" });
    const onDone = () => void emit({ type: "session.output_audio.fixture.played", client_event_id });
    voice.play(toInt16(decodeBase64(audio)).slice(), onDone);
    emit({ type: "session.output_audio.fixture.playing", client_event_id });
  }

  #step(samples: Int16Array, startMs: number): void {
    this.#stage.nowMs = startMs;
    // Input during a fixture is dropped.
    const isHidden = this.#isMuted || this.#stage.voice.hasFixture;
    const heard = isHidden ? new Int16Array(samples.length) : samples;
    this.#turns.hear(heard, startMs);
    if (startMs % GRID_MS === 0) this.#inject(startMs);
    this.#delegations.acknowledge(startMs, this.#turns.isUserSpeaking);
    const { samples: said, words } = this.#stage.voice.next(startMs);
    if (words !== "") this.#tell(words, startMs);
    this.#onStep(samples, said, startMs);
  }

  /** Delivers an appended text to the model, and acknowledges it with the cell of the grid in which it arrived. */
  #inject(start_ms: number): void {
    for (const { event: { content, type }, clientEventId } of this.#appends.splice(0)) {
      const interval = { start_ms, end_ms: start_ms + GRID_MS, client_event_id: clientEventId };
      this.#stage.emit({ type: `${type}ed`, ...interval });
      if (type === "session.commentary.append") this.#stage.voice.say(content, start_ms + COMMENTARY_AFTER_MS);
      if (type === "session.instructions.append") this.#follow(content, start_ms + INSTRUCTIONS_AFTER_MS);
    }
  }

  /** Instructions may interrupt. */
  #follow(content: string, startMs: number): void {
    const says = this.#scenario?.onInstructions?.(content) ??
      (/\b(greet|say|tell|ask|introduce|welcome)\b/i.test(content) ? "Hello! How can I help you?" : "");
    if (says === "") return;
    this.#stage.voice.cut();
    this.#stage.voice.say(says, startMs);
  }

  #tell(delta: string, atMs: number): void {
    const start_ms = Math.floor(atMs / GRID_MS) * GRID_MS;
    const type = "session.output_transcript.delta";
    const id = this.#stage.emit({ type, delta, start_ms, end_ms: start_ms + GRID_MS });
    this.#delegations.decisions.trigger(type, id);
  }
}
