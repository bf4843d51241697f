// This module is browser compatible.
import { evictOldest } from "../../_internal/evict_oldest.ts";
import { LazyMap, LazySet } from "../../_internal/lazy_collections.ts";
import { stringAt, type WireEvent } from "../../_internal/wire.ts";
import { loss } from "../../_recovery/loss.ts";
import type { RecoveryLoss } from "../../_recovery/recovery_events.ts";
import { msPerCharacter } from "../_parts/audio_length.ts";
import { InputTail } from "./input_tail.ts";

/** How many items are remembered. */
export const MAX_ITEMS = 1024;

/** No ids; shared, as there are none most of the time. */
const NONE = [] as const;

/** Knows what would be lost with the connection. */
export class LossLedger {
  /** Ids of the items that were reported lost. */
  readonly reported: LazySet<string> = new LazySet();
  readonly input: InputTail = new InputTail();
  readonly #wallNow: () => number;
  /** When what is known began. */
  readonly #responses = new LazyMap<string, number>();
  readonly #turns = new LazyMap<string, number>();
  /** Ids of the items whose transcripts will not come. */
  untranscribed: readonly string[] = NONE;
  /** Until when what has arrived is heard, on the session's clock; without end while the server plays. */
  #heardUntilMs = 0;
  /** When the user began to say what is no item yet, on the session's clock. */
  #speechAtMs: number | undefined;

  constructor(wallNow: () => number) {
    this.#wallNow = wallNow;
  }

  /** Whether nobody speaks. */
  isSilent(config: unknown, nowMs: number): boolean {
    return !this.input.isSpeaking(config) && nowMs >= this.#heardUntilMs;
  }

  /** When an item began, as far as it is known, in milliseconds since 1970. */
  timeOf(itemId: string): number {
    return this.#turns.get(itemId) ?? this.#wallNow();
  }

  /** Takes in a server event. */
  receive(event: WireEvent, config: unknown, nowMs: number): void {
    // The most frequent event, which says nothing else.
    if (event.type === "response.output_audio.delta") {
      const ms = (stringAt(event, "delta") ?? "").length * msPerCharacter(config);
      this.#heardUntilMs = Math.max(this.#heardUntilMs, nowMs) + ms;
      return;
    }
    this.input.receive(event);
    const id = stringAt(event, "response", "id");
    if (event.type === "response.created" && id) this.#responses.set(id, this.#wallNow());
    if (event.type === "response.done" && id) this.#responses.delete(id);
    const itemId = stringAt(event, "item_id") ?? stringAt(event, "item", "id");
    if (itemId && event.type === "conversation.item.deleted") this.#turns.delete(itemId);
    if (itemId && /speech_started|committed|\.added$/.test(event.type)) {
      if (!this.#turns.has(itemId)) this.#turns.set(itemId, this.#wallNow());
      evictOldest(this.#turns, MAX_ITEMS);
    }
    if (event.type === "input_audio_buffer.speech_started") this.#speechAtMs ??= nowMs;
    if (/^input_audio_buffer\.(committed|cleared)$/.test(event.type)) this.#speechAtMs = undefined;
    if (event.type === "output_audio_buffer.started") this.#heardUntilMs = Infinity;
    // What was cut is not heard any more.
    if (/speech_started|truncated|^output_audio_buffer\.(stopped|cleared)$/.test(event.type)) {
      this.#heardUntilMs = nowMs;
    }
  }

  /**
   * The user's audio for the next connection, and how much is missing of it, in milliseconds: what a browser has sent is
   * gone, if it was no item, and with it what the user went on to say.
   */
  takeInput(config: unknown, nowMs: number): ReturnType<InputTail["take"]> {
    const { isOurs } = this.input;
    const speechMs = nowMs - (this.#speechAtMs ?? nowMs);
    this.#speechAtMs = undefined;
    const { audio, lostMs } = this.input.take(config);
    return { audio, lostMs: isOurs ? lostMs : speechMs };
  }

  /** The responses that end with the connection, and what the server plays of them; forgets them. */
  takeResponses(): readonly RecoveryLoss[] {
    if (this.#heardUntilMs === Infinity) this.#heardUntilMs = 0;
    const lost = Array.from(
      this.#responses,
      ([id, atMs]) => loss("response", id, atMs, "the connection ended before it did"),
    );
    this.#responses.clear();
    return lost;
  }

  /**
   * The items of a session that keeps no conversation; forgets them. Of a transcription, those whose words have not come:
   * nothing else is lost with them.
   */
  takeItems(isTranscription: boolean): readonly RecoveryLoss[] {
    const { untranscribed } = this;
    const ids = isTranscription ? untranscribed : [...this.#turns.keys()];
    const lost = ids.map((id) =>
      untranscribed.includes(id)
        ? loss("utterance", id, this.timeOf(id), "it has no transcript")
        : loss("item", id, this.timeOf(id), "the session keeps no conversation")
    );
    this.#turns.clear();
    return lost;
  }

  /** The loss of audio of this length, in milliseconds, if there was any. */
  audioLossOf(durationMs: number): readonly RecoveryLoss[] {
    if (durationMs === 0) return [];
    return [{ ...loss("audio", undefined, this.#wallNow(), "it was not kept"), durationMs }];
  }
}
