// This module is browser compatible.
import { LazyMap } from "../../_internal/lazy_collections.ts";
import { ConnectionError } from "../../errors.ts";
import type { ResponseRecord } from "./response_record.ts";

/** Cancels responses that the server has created, each once for all who want that. */
export class Cancellations {
  readonly #send: (responseId: string | undefined) => Promise<void>;
  readonly #onOver: (record: ResponseRecord) => void;
  readonly #underWay = new LazyMap<ResponseRecord, Promise<void>>();

  /**
   * `send` sends a cancel, and resolves when the response has ended or was not active any more; `onOver` is called with a
   * response that the server does not know any more, or of which it does not answer when nobody waits.
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
      // With the connection the response ends as well.
      if (error instanceof ConnectionError) await record.done;
      else if (!record.isEnded) throw error;
    }
    this.#onOver(record);
  }
}
