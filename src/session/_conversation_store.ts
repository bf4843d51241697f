// This module is browser compatible.
import { isRecord, stringAt, type WireEvent } from "../_internal/wire.ts";
import { checkClientEvent, type ItemParam } from "../protocol/mod.ts";
import { EMPTY_CONVERSATION, reduceConversation } from "./_reduce_conversation.ts";
import type { ConversationChange, ConversationEntry, ConversationView } from "./conversation.ts";

/** The {@linkcode ConversationView} of a session, with the other end: what the event pump tells it. */
export class ConversationStore implements ConversationView {
  readonly #listeners = new Set<(change: ConversationChange) => void>();
  readonly #onListenerError: (error: unknown) => void;
  #state = EMPTY_CONVERSATION;

  /** Starts empty; `onListenerError` is told what a listener threw. */
  constructor(onListenerError: (error: unknown) => void) {
    this.#onListenerError = onListenerError;
  }

  readonly getSnapshot = (): readonly ConversationEntry[] => this.#state.entries;

  readonly subscribe = (listener: (change: ConversationChange) => void): () => void => {
    const entry = (change: ConversationChange) => listener(change);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  };

  /** Takes in one server event. */
  receive(event: WireEvent): void {
    const changes: ConversationChange[] = [];
    this.#state = reduceConversation(this.#state, event, (change) => changes.push(change));
    for (const change of changes) {
      for (const listener of [...this.#listeners]) {
        try {
          listener(change);
        } catch (error) {
          this.#onListenerError(error);
        }
      }
    }
  }

  export(): readonly ItemParam[] {
    const items = this.getSnapshot().flatMap((entry) => toParam(entry) ?? []);
    return items.filter((item) => checkClientEvent({ type: "conversation.item.create", item }).length === 0);
  }
}

function toParam({ item, final, text, heardText }: ConversationEntry): ItemParam | undefined {
  const { object: _object, status: _status, phase: _phase, ...param } = item as unknown as WireEvent;
  if (param.type !== "message") return final ? param as unknown as ItemParam : undefined;
  const content = param.role === "assistant"
    ? toText("output_text", heardText ?? text)
    : (param.content as readonly unknown[]).flatMap((part) => {
      const words = stringAt(part, "text") ?? stringAt(part, "transcript");
      if (words !== undefined) return toText("input_text", words);
      return isRecord(part) && part.image_url ? [part] : [];
    });
  return content.length > 0 ? { ...param, content } as unknown as ItemParam : undefined;
}

function toText(type: string, text: string): readonly unknown[] {
  return text ? [{ type, text }] : [];
}
