// This module is browser compatible.
import type { EffectiveTranscription, TranscriptionUsage } from "../../protocol/mod.ts";
import type { ConversationEntry } from "./conversation.ts";
import { splitWords } from "./deltas.ts";
import type { Stage } from "./stage.ts";
import { textTokens, userAudioTokens } from "./usage.ts";

/** Milliseconds to the first word, and between words, at the pace at which audio is heard. */
const FIRST_WORD_MS = 40;
const WORD_MS = 40;

/** Writes down what the user is heard to say, beside the responses. */
export class Transcriptions {
  readonly #stage: Stage;
  readonly #pending = new Set<() => void>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Streams the transcript of a user's audio item. */
  start(entry: ConversationEntry, transcript: string, config: EffectiveTranscription): void {
    const { outbox } = this.#stage;
    const place = { item_id: entry.id, content_index: 0 };
    const words = splitWords(startsWithSpace(config.model) ? ` ${transcript}` : transcript);
    const next = (index: number) => {
      const delta = words[index];
      if (delta !== undefined && transcript !== "") {
        outbox.emit({ type: "conversation.item.input_audio_transcription.delta", ...place, delta });
        this.#after(WORD_MS, () => next(index + 1));
        return;
      }
      addTranscript(entry, transcript);
      outbox.emit({
        type: "conversation.item.input_audio_transcription.completed",
        ...place,
        transcript,
        usage: usageOf(config.model, transcript, entry.audioMs),
      });
    };
    this.#after(FIRST_WORD_MS, () => next(0));
  }

  /** Stops everything without a word. */
  stop(): void {
    for (const cancel of this.#pending) cancel();
    this.#pending.clear();
  }

  #after(ms: number, callback: () => void): void {
    const { clock, pace } = this.#stage;
    const cancel = clock.schedule(() => {
      this.#pending.delete(cancel);
      callback();
    }, pace.wait(ms));
    this.#pending.add(cancel);
  }
}

/** As recorded: the first delta of the Whisper that streams starts with a space, that of other models does not. */
function startsWithSpace(model: string | null | undefined): boolean {
  return model === "gpt-realtime-whisper";
}

/** The Whispers are billed by the second, the others by the token. */
function usageOf(model: string | null | undefined, transcript: string, audioMs: number): TranscriptionUsage {
  if (model?.includes("whisper")) return { type: "duration", seconds: Math.ceil(audioMs / 1000) };
  const inputTokens = userAudioTokens(audioMs);
  const outputTokens = textTokens(transcript);
  return {
    type: "tokens",
    total_tokens: inputTokens + outputTokens,
    input_tokens: inputTokens,
    input_token_details: { text_tokens: 0, audio_tokens: inputTokens },
    output_tokens: outputTokens,
  };
}

function addTranscript(entry: ConversationEntry, transcript: string): void {
  const { item } = entry;
  if (item.type !== "message" || item.role !== "user") return;
  entry.item = {
    ...item,
    content: item.content.map((part) => part.type === "input_audio" ? { ...part, transcript } : part),
  };
}
