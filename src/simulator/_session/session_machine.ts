// This module is browser compatible.
import { serverError } from "../_errors/server_error.ts";
import type { IdGenerator } from "../../_internal/ids.ts";
import type { Item, RealtimeSession, RealtimeSessionConfig, ResponseConfig } from "../../protocol/mod.ts";
import { type WireAudio, wireAudioOf } from "./input/audio_codec.ts";
import { CallOutbox } from "./output/call_outbox.ts";
import { type ClientFrame, toClientEvent } from "./client_frame.ts";
import { CALL_COMMANDS, COMMANDS } from "./commands.ts";
import { Conversation, type ConversationEntry } from "./conversation/conversation.ts";
import { FrameLoop } from "./frame_loop.ts";
import { IdleTimeout } from "./input/idle_timeout.ts";
import { InputAudio } from "./input/input_audio.ts";
import { initialRealtimeSession } from "./config/initial_session.ts";
import { takeInItem } from "./conversation/item_intake.ts";
import { expiryOf, type Machine, type MachineOptions } from "./machine.ts";
import { stageOf } from "./stage.ts";
import { McpCalls } from "./mcp/mcp_calls.ts";
import { McpServers } from "./mcp/mcp_servers.ts";
import { defaultsOf, type ModelDefaults } from "./config/models.ts";
import { Outbox } from "./outbox.ts";
import type { Playback } from "./output/playback.ts";
import { resolveResponseSettings } from "./config/response_settings.ts";
import { Responses } from "./output/responses.ts";
import type { ConfigRules } from "./config/config_rules.ts";
import type { ServerProfile } from "../server_profile.ts";
import type { SessionParts } from "./session_parts.ts";
import type { RealtimeSpec } from "./session_spec.ts";
import { updateSessionState } from "./config/session_state.ts";
import { assertVoiceMayBe } from "./config/session_update.ts";
import { hiddenField } from "../_profiles/own_fields.ts";
import { isStreaming } from "./input/transcription_model.ts";
import { UserSpeech } from "./input/user_speech.ts";

/** One conversation session. */
export class SessionMachine implements Machine, SessionParts {
  readonly profile: ServerProfile;
  readonly rules: ConfigRules;
  readonly outbox: Outbox;
  readonly playback: Playback | undefined;
  readonly ids: IdGenerator;
  readonly conversation: Conversation;
  readonly input: InputAudio;
  readonly speech: UserSpeech;
  readonly responses: Responses;
  readonly mcpServers: McpServers;
  readonly mcpCalls: McpCalls;
  readonly #spec: RealtimeSpec;
  readonly #defaults: ModelDefaults;
  readonly #idle: IdleTimeout;
  readonly #loop: FrameLoop;
  #session: RealtimeSession;

  /** @throws {ServerError} when the server would reject the settings. */
  constructor(spec: RealtimeSpec, options: MachineOptions) {
    const { simulatedModel, clock, ids, play, profile, rules, send, unixTime } = options;
    this.#spec = spec;
    this.profile = profile;
    this.rules = rules;
    this.#defaults = defaultsOf(spec.model);
    this.ids = ids;
    const conversation = new Conversation(ids("conv"));
    this.conversation = conversation;
    const callOutbox = play && new CallOutbox(ids, send, { clock, play, profile, unixTime, conversation });
    this.outbox = callOutbox ?? new Outbox(ids, send, profile, unixTime);
    this.playback = callOutbox?.playback;
    this.#session = initialRealtimeSession(spec, ids("sess"), expiryOf(options), rules);
    const world = { ...stageOf(options, this.outbox), simulatedModel, conversation };
    this.mcpServers = new McpServers(world);
    this.mcpCalls = new McpCalls(world);
    this.speech = new UserSpeech({ ...world, session: () => this.#session });
    this.responses = new Responses({
      ...world,
      mcpServers: this.mcpServers,
      mcpCalls: this.mcpCalls,
      attempt: (eventId, action) => this.#loop.attempt(eventId, action),
      onBegun: () => {
        this.#idle.stop();
        this.input.noteAnswer();
      },
      onFatal: ({ code, message, type }) =>
        this.#loop.fail(serverError("model_ends_session", { code, message, type: type ?? code })),
      onEnded: (audioMs) => this.#idle.beginAfter(this.playback?.unheardMs ?? audioMs),
    });
    this.#loop = new FrameLoop(options, {
      outbox: this.outbox,
      announce: () => this.#announce(),
      read: (frame) => this.#read(frame),
    });
    this.input = new InputAudio(this.inputWire, {
      outbox: this.outbox,
      ids,
      answersEveryTurn: profile.answersEveryTurn,
      onSpeech: (interrupts) => this.#hearOut(interrupts),
      onHearing: (...speech) => this.speech.hearing(...speech),
      onCommit: (...message) => this.#loop.attempt(null, () => this.speech.commit(...message)),
      onTurn: (idle) => this.#loop.attempt(null, () => this.#respond({}, idle)),
    });
    this.#idle = new IdleTimeout({
      clock,
      appendedMs: () => this.input.appendedMs,
      onIdle: (sinceMs) => this.input.timeOut(sinceMs),
    });
    this.#configureInput();
  }

  get session(): RealtimeSession {
    return this.#session;
  }

  get items(): readonly Item[] {
    return this.conversation.entries.map((entry) => entry.item);
  }

  get activeResponseId(): string | undefined {
    return this.responses.activeId;
  }

  audioMsOf(itemId: string): number {
    return this.conversation.find(itemId)?.audioMs ?? 0;
  }

  get inputWire(): WireAudio {
    return wireAudioOf(this.#session.audio?.input?.format);
  }

  start(): void {
    this.#loop.start();
    if (this.playback) this.#begin();
  }

  read(data: string | Uint8Array): () => void {
    return this.#loop.read(data);
  }

  end(): void {
    this.#loop.end();
    this.#idle.stop();
    this.playback?.stop();
    this.responses.stop();
    this.mcpServers.stop();
    this.mcpCalls.stop();
    this.speech.stop();
  }

  update(change: RealtimeSessionConfig): void {
    this.#session = updateSessionState(this.#session, change, this.#defaults);
    this.#configureInput();
  }

  respond(config: ResponseConfig): void {
    this.#respond(config, false);
  }

  #announce(): void {
    this.outbox.emit({ type: "session.created", session: this.#session });
    if (this.profile.announcesConversation) {
      const conversation = { id: this.conversation.id, object: "realtime.conversation" } as const;
      this.outbox.emit({ type: "conversation.created", conversation });
    }
    this.#begin();
  }

  #begin(): void {
    const { tools } = this.#spec.config ?? {};
    if (tools) this.#loop.attempt(null, () => this.mcpServers.ask(tools));
  }

  #read(frame: ClientFrame): () => void {
    const commands = this.playback ? CALL_COMMANDS : COMMANDS;
    const event = toClientEvent(frame, commands, this.profile);
    return () => commands.get(event.type)?.(this, event);
  }

  #respond(config: ResponseConfig, idle: boolean): void {
    this.rules.checkResponse(config, this.#session.model);
    assertVoiceMayBe(config.audio?.output?.voice, this.#session, this.responses.hasSpoken);
    const settings = resolveResponseSettings(config, this.#session);
    const input = config.input && this.#resolveInput(config.input);
    this.responses.create(settings, {
      ...hiddenField(config, "addsInput") ? { added: input } : { input },
      says: hiddenField(config, "says") as string | undefined,
      cancelsOther: hiddenField(config, "cancel_previous") === true,
      idle,
      truncation: this.#session.truncation,
    });
    this.mcpServers.ask(config.tools ?? []);
  }

  #resolveInput(input: NonNullable<ResponseConfig["input"]>): ConversationEntry[] {
    return input.map((param, index) => {
      const path = `response.input[${index}]`;
      if (param.type !== "item_reference") {
        return takeInItem(param, { path, wire: this.inputWire, ids: this.ids, keepsIds: true });
      }
      const entry = this.conversation.find(param.id);
      if (entry) return entry;
      throw serverError("referenced_item_unknown", { id: param.id, param: `${path}.id` });
    });
  }

  #configureInput(): void {
    const detection = this.#session.audio?.input?.turn_detection ?? null;
    this.input.configure(this.inputWire, detection, isStreaming(this.#session.audio?.input?.transcription?.model));
    this.#idle.configure(detection?.idle_timeout_ms ?? null);
  }

  /** The user speaks. */
  #hearOut(interrupts: boolean): void {
    this.#idle.stop();
    if (!interrupts) return;
    this.playback?.clear();
    this.responses.interrupt();
  }
}
