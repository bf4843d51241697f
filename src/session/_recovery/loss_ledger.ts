// This module is browser compatible.
import { evictOldest } from "../../_internal/evict_oldest.ts";
import { LazyMap, LazySet } from "../../_internal/lazy_collections.ts";
import { asString, isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { loss } from "../../_recovery/loss.ts";
import type { RecoveryLoss } from "../../_recovery/recovery_events.ts";
import { msPerCharacter } from "../_parts/audio_length.ts";
import { InputTail, type TimedHost } from "./input_tail.ts";

/** Number of items whose times are remembered: more than a day's conversation has. */
const MAX_ITEMS = 10_000;

/** Number of responses whose times are remembered: a server may never report that they end. */
const MAX_RESPONSES = 64;

/** No ids; shared, as it is usually empty. */
const NONE = [] as const;

/** Tracks what would be lost with the connection. */
export class LossLedger {
  /** Ids of the items of the conversation that were reported lost. */
  reported: LazySet<string> = new LazySet();
  /** The uncommitted audio of this connection. */
  input: InputTail = new InputTail();
  readonly #wallNow: () => number;
  /** Start times of known items and responses. */
  readonly #responses = new LazyMap<string, number>();
  readonly #turns = new LazyMap<string, number>();
  /** Ids of the items whose transcripts will not arrive. */
  untranscribed: readonly string[] = NONE;
  /** Time on the session's clock until which received audio is heard; infinite while the server plays. */
  #heardUntilMs = 0;
  #msPerCharacter: number;

  constructor(wallNow: () => number, config: unknown) {
    this.#wallNow = wallNow;
    this.#msPerCharacter = msPerCharacter(config);
  }

  /** Whether both sides are silent. */
  isSilent(config: unknown, nowMs: number): boolean {
    return !this.input.isSpeaking(config) && nowMs >= this.#heardUntilMs;
  }

  /** Start time of an item, if known, in milliseconds since 1970. */
  timeOf(itemId: string): number {
    return this.#turns.get(itemId) ?? this.#wallNow();
  }

  /** Processes a server event. */
  receive(event: WireEvent, host: TimedHost): void {
    // The most frequent event, which contains nothing else.
    if (event.type === "response.output_audio.delta") {
      this.#heardUntilMs += (asString(event.delta) ?? "").length * this.#msPerCharacter;
    } else this.#note(event, host.config, host.clock.now());
  }

  #note(event: WireEvent, config: unknown, nowMs: number): void {
    this.input.receive(event, nowMs);
    this.#heardUntilMs = Math.max(this.#heardUntilMs, nowMs);
    if (isRecord(event.session)) this.#msPerCharacter = msPerCharacter(config);
    const id = stringAt(event.response, "id");
    if (event.type === "response.created" && id) {
      evictOldest(this.#responses.set(id, this.#wallNow()), MAX_RESPONSES);
    }
    if (event.type === "response.done" && id) this.#responses.delete(id);
    const itemId = asString(event.item_id) ?? stringAt(event.item, "id");
    if (itemId && event.type === "conversation.item.deleted") this.#turns.delete(itemId);
    if (itemId && /speech_started|committed|\.added$/.test(event.type)) {
      evictOldest(this.#turns.set(itemId, this.timeOf(itemId)), MAX_ITEMS);
    }
    if (event.type === "output_audio_buffer.started") this.#heardUntilMs = Infinity;
    // Audio that was cut is no longer heard.
    if (/speech_started|truncated|^output_audio_buffer\.(stopped|cleared)$/.test(event.type)) {
      this.#heardUntilMs = nowMs;
    }
  }

  /** Returns the responses that end with the connection, and those that the server plays; forgets them. */
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
   * Returns the items of a session without a conversation; forgets them. Of a transcription, those whose words have not
   * arrived: nothing else is lost with them.
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

  /** The loss of audio of this length, in milliseconds, if any. */
  audioLossOf(durationMs: number): readonly RecoveryLoss[] {
    if (durationMs === 0) return [];
    return [{ ...loss("audio", undefined, this.#wallNow(), "it was not kept"), durationMs }];
  }
}
