import { addBounded } from "../../_internal/add_bounded.ts";
import type { Clock } from "../../_internal/clock.ts";
import { randomId } from "../../_internal/ids.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import { isRecord, stringAt, toApiError, type WireEvent } from "../../_internal/wire.ts";
import { isServerMessage } from "../_view/page_view.ts";

/** Number of hidden items remembered. */
const MAX_IDS = 4096;

/** Time that the API has to accept an item, in milliseconds. */
const ACCEPT_MS = 10_000;

/** An event of the server. */
export type ServerEvent = WireEvent & { readonly event_id: string };

/** Options of {@linkcode ServerItems}. */
export interface ServerItemsOptions {
  /** Sends an event to the API. */
  readonly send: (event: ServerEvent) => void;
  /** Source of time. */
  readonly clock: Clock;
  /** Aborted with the relay. */
  readonly signal: AbortSignal;
}

/** An item that the API has not accepted yet. */
interface Waiting {
  readonly itemId: string;
  readonly callId: string | undefined;
  readonly settle: PromiseWithResolvers<void>;
}

/** Items that the server adds to the conversation of a page, and items hidden from the page. */
export class ServerItems {
  readonly #options: ServerItemsOptions;
  readonly #hidden = new Set<string>();
  readonly #messages = new Set<string>();
  readonly #waiting = new Map<string, Waiting>();

  constructor(options: ServerItemsOptions) {
    this.#options = options;
  }

  /** Whether an item is hidden from the page. */
  hides(itemId: string | undefined): boolean {
    return itemId !== undefined && this.#hidden.has(itemId);
  }

  /** Hides an item from the page. */
  hide(itemId: string): void {
    addBounded(this.#hidden, itemId, MAX_IDS);
  }

  /** Protects a message of the server from the page, which learns its id from the next item. */
  protect(item: unknown): void {
    if (isRecord(item) && typeof item.id === "string" && isServerMessage(item)) {
      addBounded(this.#messages, item.id, MAX_IDS);
    }
  }

  /** Whether the page may not use an item. */
  forbids(itemId: string | undefined): boolean {
    return itemId !== undefined && (this.#hidden.has(itemId) || this.#messages.has(itemId));
  }

  /**
   * Adds an item, which the page sees if `isShown`. Resolves with its id once the API has accepted it; rejects with a
   * `RealtimeApiError` when the API rejects it, and with a `TimeoutError` when there is no answer.
   */
  async add(item: Record<string, unknown>, isShown = false): Promise<string> {
    const { clock, send, signal } = this.#options;
    const itemId = randomId("item");
    const eventId = randomId("event");
    if (!isShown) this.hide(itemId);
    const settle = Promise.withResolvers<void>();
    this.#waiting.set(eventId, { itemId, callId: stringAt(item, "call_id"), settle });
    try {
      await withTimeout(() => {
        send({ type: "conversation.item.create", event_id: eventId, item: { id: itemId, ...item } });
        return settle.promise;
      }, { what: "add an item", signal, timeoutMs: ACCEPT_MS, clock });
    } finally {
      this.#waiting.delete(eventId);
    }
    return itemId;
  }

  /** Processes an event of the API, which may accept or reject an item. */
  take(event: WireEvent): void {
    if (this.#waiting.size === 0) return;
    if (event.type === "error") {
      this.#waiting.get(stringAt(event, "error", "event_id") ?? "")?.settle.reject(toApiError(event));
    } else if (/^conversation\.item\.(?:added|created|done)$/.test(event.type) && isRecord(event.item)) {
      const { call_id, id, type } = event.item;
      for (const { callId, itemId, settle } of this.#waiting.values()) {
        // Some servers assign their own item ids.
        const isAnswer = type === "function_call_output" && callId !== undefined && callId === call_id;
        if (id === itemId || isAnswer) settle.resolve();
      }
    }
  }
}
