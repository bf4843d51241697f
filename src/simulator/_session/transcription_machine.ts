// This module is browser compatible.
import type { Item, TranscriptionSession, TranscriptionSessionConfig } from "../../protocol/mod.ts";
import { wireAudioOf } from "./input/audio_codec.ts";
import { type ClientFrame, toClientEvent } from "./client_frame.ts";
import { TRANSCRIPTION_COMMANDS } from "./commands.ts";
import { Conversation } from "./conversation/conversation.ts";
import { FrameLoop } from "./frame_loop.ts";
import { initialTranscriptionSession } from "./config/initial_session.ts";
import { InputAudio } from "./input/input_audio.ts";
import { expiryOf, type Machine, type MachineOptions } from "./machine.ts";
import { stageOf } from "./stage.ts";
import { Outbox } from "./outbox.ts";
import type { ConfigRules } from "./config/config_rules.ts";
import type { ServerProfile } from "../server_profile.ts";
import type { TranscriptionSpec } from "./session_spec.ts";
import { updateTranscriptionState } from "./config/transcription_state.ts";
import type { TranscriptionParts } from "./config/transcription_update.ts";
import { isStreaming } from "./input/transcription_model.ts";
import { UserSpeech } from "./input/user_speech.ts";

/** One session that transcribes its input, and never answers. */
export class TranscriptionMachine implements Machine, TranscriptionParts {
  readonly activeResponseId = undefined;
  readonly outbox: Outbox;
  readonly conversation: Conversation;
  readonly input: InputAudio;
  readonly #speech: UserSpeech;
  readonly #profile: ServerProfile;
  readonly #rules: ConfigRules;
  readonly #loop: FrameLoop;
  #session: TranscriptionSession;

  /** @throws {ServerError} when the server would reject the settings. */
  constructor(spec: TranscriptionSpec, options: MachineOptions) {
    const { simulatedModel, ids, profile, rules, send } = options;
    const outbox = new Outbox(ids, send, profile);
    this.outbox = outbox;
    this.#profile = profile;
    this.#rules = rules;
    this.conversation = new Conversation(ids("conv"));
    this.#session = initialTranscriptionSession(spec, ids("sess"), expiryOf(options), rules);
    this.#speech = new UserSpeech({
      ...stageOf(options, outbox),
      simulatedModel,
      conversation: this.conversation,
      session: () => this.#session,
    });
    this.#loop = new FrameLoop(options, {
      outbox,
      announce: () => outbox.emit({ type: "session.created", session: this.#session }),
      read: (frame) => this.#read(frame),
    });
    this.input = new InputAudio(wireAudioOf(this.#session.audio?.input?.format), {
      outbox,
      ids,
      answersEveryTurn: false,
      onSpeech() {},
      onHearing: (...speech) => this.#speech.hearing(...speech),
      onCommit: (...message) => this.#loop.attempt(null, () => this.#speech.commit(...message)),
      onTurn() {},
    });
    this.#configureInput();
  }

  get session(): TranscriptionSession {
    return this.#session;
  }

  get items(): readonly Item[] {
    return this.conversation.entries.map((entry) => entry.item);
  }

  audioMsOf(itemId: string): number {
    return this.conversation.find(itemId)?.audioMs ?? 0;
  }

  start(): void {
    this.#loop.start();
  }

  read(data: string | Uint8Array): () => void {
    return this.#loop.read(data);
  }

  end(): void {
    this.#loop.end();
    this.#speech.stop();
  }

  update(change: TranscriptionSessionConfig): void {
    this.#session = updateTranscriptionState(this.#session, change, this.#rules);
    this.#configureInput();
  }

  #read(frame: ClientFrame): () => void {
    const event = toClientEvent(frame, TRANSCRIPTION_COMMANDS, this.#profile);
    return () => TRANSCRIPTION_COMMANDS.get(event.type)?.(this, event);
  }

  #configureInput(): void {
    const { format, transcription, turn_detection } = this.#session.audio?.input ?? {};
    this.input.configure(wireAudioOf(format), turn_detection ?? null, isStreaming(transcription?.model));
  }
}
