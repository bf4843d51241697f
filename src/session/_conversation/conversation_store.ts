// This module is browser compatible.
import { LazySet } from "../../_internal/lazy_collections.ts";
import { callListener } from "../../_internal/call_listener.ts";
import type { WireEvent } from "../../_internal/wire.ts";
import { checkClientEvent, type ItemParam } from "../../protocol/mod.ts";
import { ConversationModel } from "./conversation_model.ts";
import type { ContextLoss } from "./image_watch.ts";
import { toItemParam } from "./to_item_param.ts";
import type { ConversationChange, ConversationEntry, ConversationView } from "../conversation.ts";

/** The {@linkcode ConversationView} of a session, and its writable side, which the event pump feeds. */
export class ConversationStore implements ConversationView {
  readonly #listeners = new LazySet<(change: ConversationChange) => void>();
  readonly #onListenerError: (error: unknown) => void;
  readonly #model = new ConversationModel();

  /** Starts empty; `onListenerError` is called with exceptions of listeners. */
  constructor(onListenerError: (error: unknown) => void) {
    this.#onListenerError = onListenerError;
  }

  readonly getSnapshot = (): readonly ConversationEntry[] => this.#model.entries;

  readonly subscribe = (listener: (change: ConversationChange) => void): () => void => {
    const entry = (change: ConversationChange) => listener(change);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  };

  /** Processes an event that is sent. */
  send(event: object): void {
    this.#model.send(event);
  }

  /** Processes a server event. */
  receive(event: WireEvent): void {
    this.#publish(this.#model.receive(event));
  }

  /**
   * Records that the model has not read the whole conversation. `event` is the `response.done` that shows it, before
   * {@linkcode receive} processes it.
   */
  loseContext(event: WireEvent, loss: ContextLoss): void {
    this.#publish(this.#model.loseContext(event, loss));
  }

  /** Records items that the server no longer has. */
  forget(ids: readonly (string | undefined)[]): void {
    this.#model.forget(ids);
  }

  /** Ends the open items, as their connection has ended. */
  endOpen(): void {
    this.#publish(this.#model.endOpen());
  }

  export(): readonly ItemParam[] {
    const items = this.getSnapshot().flatMap((entry) => toItemParam(entry) ?? []);
    return items.filter((item) => checkClientEvent({ type: "conversation.item.create", item }).length === 0);
  }

  #publish(changes: readonly ConversationChange[]): void {
    for (const change of changes) {
      for (const listener of [...this.#listeners]) {
        // A listener called earlier may have removed it.
        callListener(() => this.#listeners.has(listener) && listener(change), this.#onListenerError);
      }
    }
  }
}
