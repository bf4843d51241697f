// This module is browser compatible.
import type { AssistantMessageItem } from "../../../protocol/mod.ts";
import type { PlannedMessage } from "../../model/planned_output.ts";
import type { ConversationEntry } from "../conversation/conversation.ts";
import { splitWords } from "./deltas.ts";
import { type ContentPlace, contentPlace, openMessage } from "../conversation/message_item.ts";
import type { OutputTrack, TrackHost } from "./output_track.ts";
import { textTokens, type TokenCount } from "../usage.ts";

/** Milliseconds between two words. */
const WORD_MS = 20;

/** A text message. */
export class TextTrack implements OutputTrack {
  readonly speaks = false;
  readonly isHeard = false;
  readonly overlapsNext: boolean;
  readonly #host: TrackHost;
  readonly #outputIndex: number;
  readonly #plan: PlannedMessage;
  readonly #item: AssistantMessageItem;
  readonly #place: ContentPlace;
  #entry: ConversationEntry | undefined;
  #text = "";

  constructor(host: TrackHost, outputIndex: number, itemId: string, plan: PlannedMessage) {
    this.#host = host;
    this.#outputIndex = outputIndex;
    this.#plan = plan;
    this.#item = openMessage(itemId, plan);
    this.#place = contentPlace(host.responseId, itemId, outputIndex);
    this.overlapsNext = plan.phase === "commentary";
  }

  get tokens(): TokenCount {
    return { text: textTokens(this.#text), audio: 0 };
  }

  open(): void {
    this.#entry = this.#host.begin(this.#outputIndex, this.#item);
    this.#host.emit({ type: "response.content_part.added", ...this.#place, part: { type: "text", text: "" } });
  }

  *stream(): Generator<number, boolean> {
    for (const delta of splitWords(this.#plan.text)) {
      if (!this.#host.allows(this, { text: textTokens(this.#text + delta), audio: 0 })) return false;
      this.#text += delta;
      this.#host.emit({ type: "response.output_text.delta", ...this.#place, delta });
      yield this.#host.wait(WORD_MS);
    }
    return true;
  }

  close(status: "completed" | "incomplete"): void {
    const entry = this.#entry;
    if (!entry) return;
    const text = this.#text;
    this.#host.emit({ type: "response.output_text.done", ...this.#place, text });
    this.#host.emit({ type: "response.content_part.done", ...this.#place, part: { type: "text", text } });
    entry.item = { ...this.#item, status, content: [{ type: "output_text", text }] };
    this.#host.finish(this.#outputIndex, entry);
  }
}
