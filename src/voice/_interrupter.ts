// This module is browser compatible.
import { LazySet } from "../_internal/lazy_collections.ts";
import { addBounded } from "../_internal/add_bounded.ts";
import type { ResponseHandle, Session, SessionHost } from "../session/mod.ts";
import type { TransportPlayback } from "../transport/mod.ts";
import type { AudioChunk } from "./audio_chunk.ts";
import { type PlayoutPlace, type PlayoutRecord, toWhole } from "./_media/playout_record.ts";
import type { PlayoutRecords } from "./_media/playout_records.ts";

/** Number of interrupted responses that are remembered. */
const MAX_REMEMBERED = 64;

/** Options of {@linkcode Interrupter}. */
export interface InterrupterOptions {
  /** The party that plays the audio. */
  playback: TransportPlayback;
  /** Records of the progress. */
  records: PlayoutRecords;
  /** The responses of the session. */
  responses: SessionHost["responses"];
}

/**
 * Synchronizes an interruption with the server: cancels the response, and truncates the conversation at the heard
 * position. Detects stale audio that arrives afterwards.
 */
export class Interrupter {
  readonly #session: Session;
  readonly #playback: TransportPlayback;
  readonly #records: PlayoutRecords;
  readonly #responses: SessionHost["responses"];
  readonly #interrupted = new LazySet<string>();
  /** The response that was active, or about to be, at the last interruption; it may have no id yet. */
  #active: ResponseHandle | undefined;
  /** Set during an interruption, before its commands have been sent. */
  #isCutting = false;

  constructor(session: Session, { playback, records, responses }: InterrupterOptions) {
    this.#session = session;
    this.#playback = playback;
    this.#responses = responses;
    this.#records = records;
  }

  /** Records that the server has finished an item, or a response: it can now be deleted, if none of it was heard. */
  end(id: string): void {
    for (const { inConversation, itemId } of this.#records.end(id)) {
      // If it cannot be deleted, the item or the session is already gone, so nothing unheard is left.
      if (inConversation && itemId) this.#session.deleteItem(itemId).catch(() => {});
    }
  }

  /** Returns the place of a piece of audio, if it should still be heard. */
  admit({ contentIndex, itemId, responseId }: AudioChunk): PlayoutPlace | undefined {
    const record = this.#records.find(itemId);
    if (record && record.state !== "playing") return undefined;
    const place = record ?? {
      itemId,
      responseId,
      contentIndex,
      // The server truncates what it plays.
      inConversation: this.#playback === "client" && this.#responses.originOf(responseId)?.inConversation !== false,
    };
    if (!this.#interrupted.has(responseId) && this.#active?.id !== responseId) return place;
    // Generated before the server knew of the interruption: it is not heard, so the model must not assume that it was.
    if (itemId) this.#records.begin(place, "discarding");
    return undefined;
  }

  /**
   * Cuts all unheard audio; `tell` is called with it before the server is, and a player may answer with the position
   * where it has stopped. `settled` resolves when the server has confirmed every cut that is possible now, and rejects
   * with the first one that it refused.
   */
  interrupt(cancel: boolean, cut: () => readonly PlayoutRecord[], tell: (records: readonly PlayoutRecord[]) => void): {
    readonly records: readonly PlayoutRecord[];
    readonly settled: Promise<unknown>;
  } {
    const records = cut();
    this.#active = this.#session.activeResponse;
    for (const { responseId } of records) if (responseId) addBounded(this.#interrupted, responseId, MAX_REMEMBERED);
    this.#isCutting = true;
    try {
      tell(records);
    } finally {
      this.#isCutting = false;
    }
    const commands: (Promise<unknown> | undefined)[] = [];
    // The server does not interrupt a response that it has not started.
    if (cancel || (this.#active && !this.#active.id)) commands.push(this.#session.activeResponse?.cancel());
    if (cancel && this.#playback === "server") commands.push(this.#clearServer());
    for (const record of records) commands.push(this.#cut(record));
    return { records, settled: Promise.all(commands) };
  }

  /** Records the position where a player has stopped, if the server received another one or none. */
  correct(record: PlayoutRecord): void {
    // The server discards audio that it has cut, and refuses to restore any of it.
    if (this.#isCutting || toWhole(record.playedMs) >= record.truncatedMs) return;
    // A rejection arrives as an event.
    this.#cut(record).catch(() => {});
  }

  async #cut(record: PlayoutRecord): Promise<void> {
    const { contentIndex, inConversation, itemId, state } = record;
    // Out-of-band words are not in the conversation, and an item without an id cannot be referred to.
    if (!inConversation || !itemId) return;
    if (state === "gone") return await this.#session.deleteItem(itemId);
    if (state !== "truncated") return;
    record.truncatedMs = toWhole(record.playedMs);
    await this.#session.truncateItem(itemId, record.truncatedMs, { contentIndex });
  }

  /** Asynchronous, so that it fails as the other commands do when the session has ended. */
  // deno-lint-ignore require-await -- see above
  async #clearServer(): Promise<void> {
    this.#session.send({ type: "output_audio_buffer.clear" });
  }
}
