// This module is browser compatible.
import { callListener } from "../_internal/call_listener.ts";
import { isRecord, stringAt, type WireEvent } from "../_internal/wire.ts";
import { checkClientEvent, type ItemParam, MAX_ID_LENGTH } from "../protocol/mod.ts";
import { EMPTY_CONVERSATION, reduceConversation } from "./_reduce_conversation.ts";
import type { ConversationChange, ConversationEntry, ConversationView } from "./conversation.ts";

/** What items are made with. */
const FIELDS =
  "id type role content name arguments call_id output server_label tools error approval_request_id approve reason"
    .split(" ");

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
        // One that was called before may have taken it out.
        callListener(() => this.#listeners.has(listener) && listener(change), this.#onListenerError);
      }
    }
  }

  export(): readonly ItemParam[] {
    const items = this.getSnapshot().flatMap((entry) => toParam(entry) ?? []);
    return items.filter((item) => checkClientEvent({ type: "conversation.item.create", item }).length === 0);
  }
}

function toParam({ id, item, final, text, heardText }: ConversationEntry): ItemParam | undefined {
  const { content: parts, ...fields } = pick(item, FIELDS);
  const param = id.length > MAX_ID_LENGTH ? { ...fields, id: undefined } : fields;
  if (param.type !== "message") return final ? param as unknown as ItemParam : undefined;
  const content = param.role === "assistant"
    ? toText("output_text", heardText ?? text)
    : (Array.isArray(parts) ? parts : []).flatMap((part) => {
      const words = stringAt(part, "text") ?? stringAt(part, "transcript");
      if (words !== undefined) return toText("input_text", words);
      return isRecord(part) && part.image_url ? [pick(part, ["type", "image_url", "detail"])] : [];
    });
  return content.length > 0 ? { ...param, content } as unknown as ItemParam : undefined;
}

/** The fields of these names. What else a server tells of an item, it would refuse to be told. */
function pick(value: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name)));
}

function toText(type: string, text: string): readonly unknown[] {
  return text ? [{ type, text }] : [];
}
