// This module is browser compatible.
import { LazySet } from "../../_internal/lazy_collections.ts";
import { addBounded } from "../../_internal/add_bounded.ts";
import { asString, at, isRecord, type WireEvent } from "../../_internal/wire.ts";

/** Maximum number of transcripts that are waited for; beyond it, the oldest are given up. */
const MAX_AWAITED = 256;

/** Tracks the turns of the user without a transcript. */
export class TranscriptWait {
  readonly #missing = new LazySet<string>();

  /** Items whose transcripts have not arrived, oldest first. */
  get missing(): readonly string[] {
    return [...this.#missing];
  }

  /** Gives all of them up: their connection has ended. */
  forget(): void {
    this.#missing.clear();
  }

  /**
   * Processes a server event, in a session with this configuration; returns whether a transcript has arrived, or was
   * given up.
   */
  receive(event: WireEvent, config: unknown): boolean {
    const id = asString(event.item_id) ?? "";
    switch (event.type) {
      case "input_audio_buffer.committed":
        if (id && isRecord(at(config, "audio", "input", "transcription"))) addBounded(this.#missing, id, MAX_AWAITED);
        return false;
      case "conversation.item.input_audio_transcription.completed":
      case "conversation.item.input_audio_transcription.failed":
      case "conversation.item.deleted":
        return this.#missing.delete(id);
    }
    return false;
  }
}
