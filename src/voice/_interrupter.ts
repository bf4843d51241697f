// This module is browser compatible.
import { addBounded } from "../_internal/add_bounded.ts";
import { at, stringAt, type WireEvent } from "../_internal/wire.ts";
import type { ResponseHandle, Session } from "../session/mod.ts";
import type { AudioChunk } from "./audio_chunk.ts";
import type { Cut, PlaybackLedger } from "./playback_ledger.ts";

/** How many interrupted and out-of-band responses are remembered. */
const MAX_REMEMBERED = 64;

/**
 * Carries an interruption over to the server: cancels the response, and makes the conversation end where it was heard.
 * Knows which audio is stale when it arrives afterwards.
 */
export class Interrupter {
  readonly #session: Session;
  readonly #ledger: PlaybackLedger;
  readonly #serverPlays: boolean;
  readonly #interrupted = new Set<string>();
  readonly #outOfBand = new Set<string>();
  readonly #unheard = new Set<string>();
  /** The response that was active, or about to be, at the last interruption. */
  #active: ResponseHandle | undefined;

  /** `serverPlays` says that the server plays the audio itself, over WebRTC or SIP. */
  constructor(session: Session, ledger: PlaybackLedger, serverPlays: boolean) {
    this.#session = session;
    this.#ledger = ledger;
    this.#serverPlays = serverPlays;
  }

  /** Takes in one server event. */
  receive(event: WireEvent): void {
    if (event.type === "response.created" && at(event, "response", "conversation_id") === null) {
      const responseId = stringAt(event, "response", "id");
      if (responseId) addBounded(this.#outOfBand, responseId, MAX_REMEMBERED);
    }
    if (event.type === "conversation.item.done" || event.type === "response.output_item.done") {
      const itemId = stringAt(event, "item", "id") ?? "";
      // When it cannot be deleted the item is gone already, or the session is: nothing unheard is left.
      if (this.#unheard.delete(itemId)) this.#session.deleteItem(itemId).catch(() => {});
    }
  }

  /** Whether a piece of audio should still be heard. */
  admits({ itemId, responseId }: AudioChunk): boolean {
    if (this.#ledger.get(itemId)?.cut) return false;
    if (!this.#interrupted.has(responseId) && this.#active?.id !== responseId) return true;
    // Generated before the server knew of the interruption: nobody hears it, so the model must not believe that.
    if (!this.#ledger.get(itemId) && !this.#outOfBand.has(responseId)) this.#unheard.add(itemId);
    return false;
  }

  /**
   * Cuts everything that is unheard. `settled` resolves when the server has confirmed every cut that it can make now, and
   * rejects with the first that it refused.
   */
  interrupt(cancel: boolean): { cuts: readonly Cut[]; settled: Promise<unknown> } {
    const cuts = this.#ledger.cut();
    const commands: Promise<unknown>[] = [];
    const active = this.#active = this.#session.activeResponse;
    // The server interrupts nothing that it has not begun.
    if (cancel || active && !active.id) commands.push(this.#session.cancel());
    if (cancel && this.#serverPlays) commands.push(this.#clearServer());
    for (const { itemId, responseId, contentIndex, heardMs, action } of cuts) {
      if (responseId) addBounded(this.#interrupted, responseId, MAX_REMEMBERED);
      // What was said outside the conversation is not in it, and what has no name cannot be told of.
      if (this.#outOfBand.has(responseId) || !itemId) continue;
      if (action === "truncate") commands.push(this.#session.truncateItem(itemId, heardMs, { contentIndex }));
      if (action === "delete") commands.push(this.#session.deleteItem(itemId));
      if (action === "discard") this.#unheard.add(itemId);
    }
    return { cuts, settled: Promise.all(commands) };
  }

  /** Asynchronous, so that it fails as the other commands do when the session has ended. */
  // deno-lint-ignore require-await -- see above
  async #clearServer(): Promise<void> {
    this.#session.send({ type: "output_audio_buffer.clear" });
  }
}
