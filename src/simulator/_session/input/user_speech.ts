// This module is browser compatible.
import type { EffectiveSession } from "../../../protocol/mod.ts";
import type { SimulatedModel } from "../../model/simulated_model.ts";
import type { HeardSpeech } from "../../model/heard_speech.ts";
import { announceItem } from "../conversation/announce_item.ts";
import { type Conversation, ConversationEntry } from "../conversation/conversation.ts";
import type { Stage } from "../stage.ts";
import { hearSpeech } from "./hear_speech.ts";
import { Transcriptions, type TranscriptionSettings } from "./transcription.ts";
import { streamDelayMs } from "./transcription_model.ts";

const SILENCE: HeardSpeech = { transcript: "" };

/** Dependencies of {@linkcode UserSpeech}. */
export interface UserSpeechOptions extends Stage {
  /** The model that hears. */
  readonly simulatedModel: SimulatedModel;
  /** The conversation, which the messages are added to. */
  readonly conversation: Conversation;
  /** The session with its current settings. */
  readonly session: () => EffectiveSession;
}

/** Creates messages from the user's speech, and transcribes them if the session has a transcription. */
export class UserSpeech {
  readonly #options: UserSpeechOptions;
  readonly #transcriptions: Transcriptions;
  #hearing = { itemId: "", sinceMs: 0 };

  constructor(options: UserSpeechOptions) {
    this.#options = options;
    this.#transcriptions = new Transcriptions(options);
  }

  /** Passes the audio of a user's item to the model. */
  hear(entry: ConversationEntry): HeardSpeech {
    return entry.audio ? hearSpeech(this.#options.simulatedModel, entry.audio, entry.id) : SILENCE;
  }

  /** Transcribes the speech so far, if the session's model transcribes while the user speaks. */
  hearing(itemId: string, speechMs: number): void {
    const settings = this.#settings;
    if (!settings) return;
    const { clock, pace, simulatedModel } = this.#options;
    if (this.#hearing.itemId !== itemId) this.#hearing = { itemId, sinceMs: clock.now() };
    // Audio may arrive faster than real time: the model takes as long nevertheless.
    const workedOffMs = Math.min(speechMs, pace.done(clock.now() - this.#hearing.sinceMs));
    const heardMs = workedOffMs - streamDelayMs(settings.config);
    const text = heardMs < 0 ? undefined : simulatedModel.hearSoFar?.(itemId, heardMs);
    if (text) this.#transcriptions.stream(itemId, text, settings);
  }

  /** Adds a message of 24 kHz audio, which the model hears unless it contains no speech. */
  commit(itemId: string, audio: Int16Array, isSilence: boolean): void {
    const { conversation, outbox } = this.#options;
    const entry = new ConversationEntry({
      id: itemId,
      type: "message",
      status: "completed",
      role: "user",
      content: [{ type: "input_audio", transcript: null }],
    }, [audio]);
    conversation.insert(entry);
    const previousItemId = conversation.previousIdOf(itemId);
    outbox.emit({ type: "input_audio_buffer.committed", previous_item_id: previousItemId, item_id: itemId });
    announceItem(outbox, entry.item, previousItemId);
    const heard = isSilence ? SILENCE : this.hear(entry);
    const settings = this.#settings;
    if (settings) this.#transcriptions.start(entry, heard, settings);
  }

  /** Stops everything without sending an event. */
  stop(): void {
    this.#transcriptions.stop();
  }

  /** Transcription settings of the session; `undefined` for none. */
  get #settings(): TranscriptionSettings | undefined {
    const { audio, include } = this.#options.session();
    const { defaultTranscription } = this.#options.profile;
    const config = audio?.input?.transcription ?? (defaultTranscription ? { model: defaultTranscription } : undefined);
    if (!config) return undefined;
    return { config, withLogProbs: include?.includes("item.input_audio_transcription.logprobs") ?? false };
  }
}
