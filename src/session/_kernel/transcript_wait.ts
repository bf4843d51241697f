// This module is browser compatible.
import { LazySet } from "../../_internal/lazy_collections.ts";
import { addBounded } from "../../_internal/add_bounded.ts";
import { at, isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";

/** How many transcripts are waited for; of more, the oldest are given up. */
const MAX_AWAITED = 256;

/** Knows which turns of the user have no transcript yet. */
export class TranscriptWait {
  readonly #missing = new LazySet<string>();

  /** Items whose transcripts have not come, oldest first. */
  get missing(): readonly string[] {
    return [...this.#missing];
  }

  /** Gives all of them up: the connection has ended on which they would come. */
  forget(): void {
    this.#missing.clear();
  }

  /** Processes one server event, in a session with this configuration; returns whether a transcript is there, or given up. */
  receive(event: WireEvent, config: unknown): boolean {
    const id = stringAt(event, "item_id") ?? "";
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
