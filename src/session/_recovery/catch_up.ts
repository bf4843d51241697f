// This module is browser compatible.
import { stringAt, type WireEvent } from "../../_internal/wire.ts";
import { loss } from "../../_recovery/loss.ts";
import type { RecoveryLoss, RecoveryReport } from "../../_recovery/recovery_events.ts";
import type { ConversationView } from "../conversation.ts";
import type { SessionHost } from "../session_part.ts";

/**
 * Asks a call, whose conversation has gone on without us, for what was missed of it: the items that were not complete when
 * the connection ended, and the one before the first item that is new. The API names no others.
 */
export class CatchUp {
  readonly #host: SessionHost;
  readonly #timeOf: (itemId: string) => number;
  #missed: readonly string[] = [];
  /** Items that were asked for, as others follow them; `undefined` before anything can have been missed. */
  #asked: Set<string> | undefined;

  /** `timeOf` tells when an item began. */
  constructor(host: SessionHost, timeOf: (itemId: string) => number) {
    this.#host = host;
    this.#timeOf = timeOf;
  }

  /** Notes what is not complete, as the connection is given up. */
  suspend(): void {
    this.#missed = this.#entries.filter(({ final }) => !final).map(({ id }) => id);
  }

  /** Asks for what was missed; never rejects. */
  async run(): Promise<Pick<RecoveryReport, "restored" | "lost">> {
    this.#asked = new Set();
    const restored: string[] = [];
    const lost: RecoveryLoss[] = [];
    await Promise.all(this.#missed.map(async (id) => {
      try {
        await this.#host.session.retrieveItem(id);
        restored.push(id);
      } catch (error) {
        lost.push(loss("item", id, this.#timeOf(id), error instanceof Error ? error.message : `${error}`));
      }
    }));
    return { restored, lost };
  }

  /** Takes in a server event: one that follows an item that we do not know tells of that item. */
  receive(event: WireEvent): void {
    if (!this.#asked || !/committed$|item\.added$/.test(event.type)) return;
    const id = stringAt(event, "previous_item_id") || undefined;
    if (id === undefined || this.#asked.has(id) || this.#entries.some((entry) => entry.id === id)) return;
    this.#asked.add(id);
    // The server's error is an event, too: the item may have been deleted.
    this.#host.session.retrieveItem(id).catch(() => {});
  }

  get #entries(): ReturnType<ConversationView["getSnapshot"]> {
    const { conversation } = this.#host.session as { readonly conversation?: ConversationView };
    return conversation?.getSnapshot() ?? [];
  }
}
