// This module is browser compatible.
import { asString, type WireEvent } from "../../_internal/wire.ts";
import { loss } from "../../_recovery/loss.ts";
import type { RecoveryLoss, RecoveryReport } from "../../_recovery/recovery_events.ts";
import type { ConversationView } from "../conversation.ts";
import type { SessionHost } from "../session_part.ts";

/**
 * Retrieves the missed items of a call whose conversation has continued without this client: the items that were
 * incomplete when the connection ended, and the predecessor of the first new item. The API names no others.
 */
export class CatchUp {
  readonly #host: SessionHost;
  readonly #times: { timeOf(itemId: string): number };
  #missed: readonly string[] = [];
  /** Items that were requested because others follow them; `undefined` before anything can have been missed. */
  #asked: Set<string> | undefined;

  /** `times` knows the start times of items. */
  constructor(host: SessionHost, times: { timeOf(itemId: string): number }) {
    this.#host = host;
    this.#times = times;
  }

  /** Records the incomplete items, as the connection is abandoned. */
  suspend(): void {
    this.#missed = this.#entries.filter(({ final }) => !final).map(({ id }) => id);
  }

  /** Retrieves the missed items; never rejects. */
  async run(): Promise<Pick<RecoveryReport, "restored" | "lost">> {
    this.#asked = new Set();
    const restored: string[] = [];
    const lost: RecoveryLoss[] = [];
    await Promise.all(this.#missed.map(async (id) => {
      try {
        await this.#host.session.retrieveItem(id);
        restored.push(id);
      } catch (error) {
        lost.push(loss("item", id, this.#times.timeOf(id), (error as Error).message));
      }
    }));
    return { restored, lost };
  }

  /** Processes a server event: one that follows an unknown item reveals that item. */
  receive(event: WireEvent): void {
    if (!this.#asked || !/committed$|item\.added$/.test(event.type)) return;
    const id = asString(event.previous_item_id) || undefined;
    if (id === undefined || this.#asked.has(id) || this.#entries.some((entry) => entry.id === id)) return;
    this.#asked.add(id);
    // The server's error is also an event: the item may have been deleted.
    this.#host.session.retrieveItem(id).catch(() => {});
  }

  get #entries(): ReturnType<ConversationView["getSnapshot"]> {
    const { conversation } = this.#host.session as { readonly conversation?: ConversationView };
    return conversation?.getSnapshot() ?? [];
  }
}
