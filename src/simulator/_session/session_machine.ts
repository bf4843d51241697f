// This module is browser compatible.
import type { AudioEncoding } from "../../audio/mod.ts";
import type { Clock } from "../../_internal/clock.ts";
import type { IdGenerator } from "../../_internal/ids.ts";
import {
  MAX_SESSION_MS,
  type RealtimeSession,
  type RealtimeSessionConfig,
  type ResponseConfig,
} from "../../protocol/mod.ts";
import type { Brain } from "../brain.ts";
import { encodingOf } from "./audio_codec.ts";
import { readClientFrame, toClientEvent } from "./client_frame.ts";
import { COMMANDS } from "./commands.ts";
import { Conversation, ConversationEntry } from "./conversation.ts";
import { announceItem } from "./conversation_commands.ts";
import { InputAudio } from "./input_audio.ts";
import { takeInItem } from "./item_intake.ts";
import { defaultsOf, type ModelDefaults } from "./models.ts";
import { Outbox } from "./outbox.ts";
import type { Pace } from "./pace.ts";
import { Refusal } from "./refusal.ts";
import { resolveResponseSettings } from "./response_settings.ts";
import { Responses } from "./responses.ts";
import type { SessionParts } from "./session_parts.ts";
import { createSessionState, updateSessionState } from "./session_state.ts";
import { assertVoiceMayBe } from "./session_update.ts";
import { Transcriptions } from "./transcription.ts";

/** Milliseconds from the open socket to `session.created`: it must not ride on the handshake's segment. */
const CREATED_DELAY_MS = 4;

/** What a session is made with. */
export interface SessionMachineOptions {
  /** Model that answers. */
  readonly model: string;
  /** The mind of the model. */
  readonly brain: Brain;
  /** Source of time. */
  readonly clock: Clock;
  /** How fast the model works. */
  readonly pace: Pace;
  /** Makes identifiers. */
  readonly ids: IdGenerator;
  /** Unix time in milliseconds at which the session begins. */
  readonly startsAt: number;
  /** Sends a frame. */
  readonly send: (frame: string) => void;
  /** Ends the connection. */
  readonly close: (code: number, reason: string) => void;
}

/** One conversation session: frames in, frames out, in the time of a clock. */
export class SessionMachine implements SessionParts {
  readonly outbox: Outbox;
  readonly ids: IdGenerator;
  readonly conversation: Conversation;
  readonly input: InputAudio;
  readonly responses: Responses;
  readonly #options: SessionMachineOptions;
  readonly #defaults: ModelDefaults;
  readonly #transcriptions: Transcriptions;
  readonly #cancels: (() => void)[] = [];
  #session: RealtimeSession;
  /** What has arrived before `session.created` was sent, which is answered after it. */
  #early: (string | Uint8Array)[] | undefined = [];

  constructor(options: SessionMachineOptions) {
    const { brain, clock, ids, model, pace, startsAt } = options;
    this.#options = options;
    this.#defaults = defaultsOf(model);
    this.ids = ids;
    this.outbox = new Outbox(ids, options.send);
    this.conversation = new Conversation(ids("conv"));
    this.#session = createSessionState(
      ids("sess"),
      model,
      this.#defaults,
      Math.floor((startsAt + MAX_SESSION_MS) / 1000),
    );
    const stage = { outbox: this.outbox, clock, pace, ids };
    this.responses = new Responses({ ...stage, brain, conversation: this.conversation });
    this.#transcriptions = new Transcriptions(stage);
    this.input = new InputAudio(this.inputEncoding, {
      outbox: this.outbox,
      ids,
      onInterrupt: () => this.responses.interrupt(),
      onCommit: (itemId, audio) => this.#commit(itemId, audio),
      onTurn: () => this.responses.createWhenFree(() => this.#attempt(null, () => this.respond({}))),
    });
    this.#configureInput();
  }

  get session(): RealtimeSession {
    return this.#session;
  }

  get inputEncoding(): AudioEncoding {
    return encodingOf(this.#session.audio?.input?.format);
  }

  /** The connection is open. */
  start(): void {
    const { clock, close } = this.#options;
    const created = () => this.#begin();
    const expired = () => close(1001, "Your session hit the maximum duration of 60 minutes.");
    this.#cancels.push(clock.schedule(created, CREATED_DELAY_MS), clock.schedule(expired, MAX_SESSION_MS));
  }

  /** A frame has arrived. */
  receive(data: string | Uint8Array): void {
    if (this.#early) this.#early.push(data);
    else this.#answer(data);
  }

  #begin(): void {
    this.outbox.emit({ type: "session.created", session: this.#session });
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const data of early) this.#answer(data);
  }

  #answer(data: string | Uint8Array): void {
    this.#attempt(null, () => {
      const frame = readClientFrame(data);
      this.#attempt(frame.eventId, () => {
        const event = toClientEvent(frame);
        COMMANDS.get(event.type)?.(this, event);
      });
    });
  }

  /** The connection is gone. */
  end(): void {
    for (const cancel of this.#cancels) cancel();
    this.responses.stop();
    this.#transcriptions.stop();
  }

  update(change: RealtimeSessionConfig): void {
    this.#session = updateSessionState(this.#session, change, this.#defaults);
    this.#configureInput();
  }

  hear(entry: ConversationEntry): string | undefined {
    return entry.audio && this.#options.brain.hear(entry.audio, entry.id);
  }

  respond(config: ResponseConfig): void {
    assertVoiceMayBe(config.audio?.output?.voice, this.#session, this.responses.hasSpoken);
    const settings = resolveResponseSettings(config, this.#session);
    this.responses.create(settings, config.input && this.#resolveInput(config.input));
  }

  #resolveInput(input: NonNullable<ResponseConfig["input"]>): ConversationEntry[] {
    return input.map((param, index) => {
      const path = `response.input[${index}]`;
      if (param.type !== "item_reference") {
        return takeInItem(param, { path, encoding: this.inputEncoding, ids: this.ids });
      }
      const entry = this.conversation.find(param.id);
      if (entry) return entry;
      throw new Refusal(`Item with id '${param.id}' not found.`, { code: "invalid_value", param: `${path}.id` });
    });
  }

  #configureInput(): void {
    this.input.configure(this.inputEncoding, this.#session.audio?.input?.turn_detection ?? null);
  }

  #commit(itemId: string, audio: Int16Array): void {
    const entry = new ConversationEntry({
      id: itemId,
      type: "message",
      status: "completed",
      role: "user",
      content: [{ type: "input_audio", transcript: null }],
    }, [audio]);
    this.conversation.insert(entry);
    const previousItemId = this.conversation.previousIdOf(itemId);
    this.outbox.emit({ type: "input_audio_buffer.committed", previous_item_id: previousItemId, item_id: itemId });
    announceItem(this.outbox, entry.item, previousItemId);
    this.#attempt(null, () => {
      const transcript = this.hear(entry) ?? "";
      const config = this.#session.audio?.input?.transcription;
      if (config) this.#transcriptions.start(entry, transcript, config);
    });
  }

  /** Does something, and answers with an error event when it cannot be done. */
  #attempt(eventId: string | null, action: () => void): void {
    try {
      action();
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal(
        `The simulated model failed: ${error instanceof Error ? error.message : String(error)}`,
        { type: "server_error", code: null },
      );
      this.outbox.emitRefusal(refusal, eventId);
    }
  }
}
