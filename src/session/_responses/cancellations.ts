// This module is browser compatible.
import { LazyMap } from "../../_internal/lazy_collections.ts";
import { ConnectionError } from "../../errors.ts";
import type { ResponseRecord } from "./response_record.ts";

/** Cancels responses that the server has created, each once for all callers. */
export class Cancellations {
  readonly #send: (responseId: string | undefined) => Promise<void>;
  readonly #onOver: (record: ResponseRecord) => void;
  readonly #underWay = new LazyMap<ResponseRecord, Promise<void>>();

  /**
   * `send` sends a cancel, and resolves when the response has ended or was no longer active; `onOver` is called with a
   * response that the server no longer knows, or whose cancel remains unanswered after all callers have stopped
   * waiting.
   */
  constructor(send: (responseId: string | undefined) => Promise<void>, onOver: (record: ResponseRecord) => void) {
    this.#send = send;
    this.#onOver = onOver;
  }

  /** Cancels a response; resolves when it has ended. */
  of(record: ResponseRecord): Promise<void> {
    const underWay = this.#underWay.get(record) ?? this.#cancel(record).finally(() => this.#underWay.delete(record));
    this.#underWay.set(record, underWay);
    return underWay;
  }

  async #cancel(record: ResponseRecord): Promise<void> {
    try {
      await this.#send(record.id);
    } catch (error) {
      // The response ends with the connection as well.
      if (error instanceof ConnectionError) await record.done;
      else if (!record.isEnded) throw error;
    }
    this.#onOver(record);
  }
}
