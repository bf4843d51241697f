// This module is browser compatible.
import { serverError } from "../../_errors/server_error.ts";
import type {
  Item,
  TranslationClientEventMap,
  TranslationClientEventType,
  TranslationSession,
} from "../../../protocol/mod.ts";
import { type ClientFrame, type DecodedEvent, toTranslationClientEvent } from "../client_frame.ts";
import { Conversation } from "../conversation/conversation.ts";
import { FrameLoop } from "../frame_loop.ts";
import type { ConfigRules } from "../config/config_rules.ts";
import { initialTranslationSession } from "../config/initial_session.ts";
import { Translator } from "./translator.ts";
import { expiryOf, type Machine, type MachineOptions } from "../machine.ts";
import { stageOf } from "../stage.ts";
import { Outbox } from "../outbox.ts";
import type { Playback } from "../output/playback.ts";
import type { TranslationSpec } from "../session_spec.ts";
import { TranslationCallOutbox } from "./translation_call_outbox.ts";
import { updateTranslationState } from "./translation_state.ts";

/** One session that translates its input. */
export class TranslationMachine implements Machine {
  readonly items: readonly Item[] = [];
  readonly activeResponseId = undefined;
  readonly #outbox: Outbox;
  readonly #playback: Playback | undefined;
  readonly #translator: Translator;
  readonly #loop: FrameLoop;
  readonly #close: (code: number, reason: string) => void;
  #session: TranslationSession;
  #isClosing = false;

  readonly #rules: ConfigRules;

  /** Commands by type of client event. */
  readonly #commands: {
    readonly [T in TranslationClientEventType]: (event: DecodedEvent<TranslationClientEventMap[T]>) => void;
  } = {
    "session.update": ({ session }) => {
      this.#session = updateTranslationState(this.#session, session, this.#rules);
      this.#outbox.emit({ type: "session.updated", session: this.#session });
    },
    "session.input_audio_buffer.append": ({ audio }) => this.#translator.append(audio),
    "session.close": () => {
      this.#isClosing = true;
      this.#translator.close(() => {
        this.#outbox.emit({ type: "session.closed" });
        this.#close(1000, "");
      });
    },
  };

  /** @throws {ServerError} when the server would reject the settings. */
  constructor(spec: TranslationSpec, options: MachineOptions) {
    const { simulatedModel, clock, close, ids, play, profile, rules, send, unixTime } = options;
    const conversation = new Conversation(ids("conv"));
    const callOutbox = play && new TranslationCallOutbox(ids, send, { clock, play, profile, unixTime, conversation });
    const outbox = callOutbox ?? new Outbox(ids, send, profile);
    this.#outbox = outbox;
    this.#playback = callOutbox?.playback;
    this.#close = close;
    this.#rules = rules;
    this.#session = initialTranslationSession(spec, ids("sess"), expiryOf(options), rules);
    this.#translator = new Translator({
      ...stageOf(options, outbox),
      simulatedModel,
      session: () => this.#session,
    });
    this.#loop = new FrameLoop(options, {
      outbox,
      announce: () => outbox.emit({ type: "session.created", session: this.#session }),
      read: (frame) => this.#read(frame),
    });
  }

  get session(): TranslationSession {
    return this.#session;
  }

  audioMsOf(): number {
    return 0;
  }

  start(): void {
    this.#loop.start();
  }

  read(data: string | Uint8Array): () => void {
    return this.#loop.read(data);
  }

  end(): void {
    this.#loop.end();
    this.#translator.stop();
    this.#playback?.stop();
  }

  #read(frame: ClientFrame): () => void {
    const event = toTranslationClientEvent(frame);
    return () => {
      if (this.#isClosing) throw serverError("session_closing");
      (this.#commands[event.type] as (event: unknown) => void)(event);
    };
  }
}
