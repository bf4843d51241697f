// This module is browser compatible.
import type { RealtimeApiError } from "../errors.ts";
import type { TranslationSession, TranslationSessionConfig } from "../protocol/mod.ts";

/** Changes of the settings that wait for their acknowledgements, which arrive in order. */
export class SessionUpdates {
  readonly #pending: {
    readonly eventId: string;
    readonly change: TranslationSessionConfig;
    readonly answer: PromiseWithResolvers<TranslationSession>;
  }[] = [];

  /** Number of unacknowledged changes. */
  get size(): number {
    return this.#pending.length;
  }

  /**
   * Adds a change that was sent. It keeps its place even after its caller has stopped waiting: its acknowledgement must
   * not be taken for that of the next one.
   */
  add(eventId: string, change: TranslationSessionConfig): Promise<TranslationSession> {
    const answer = Promise.withResolvers<TranslationSession>();
    answer.promise.catch(() => {});
    this.#pending.push({ eventId, change, answer });
    return answer.promise;
  }

  /** Settles the oldest change with the resulting session, and returns it. */
  resolve(session: TranslationSession): TranslationSessionConfig | undefined {
    const update = this.#pending.shift();
    update?.answer.resolve(session);
    return update?.change;
  }

  /**
   * Settles the change that an error rejects; if the error names no event, the only one there is. Returns whether there
   * is one.
   */
  refuse(error: RealtimeApiError): boolean {
    const { eventId } = error;
    const index = eventId === undefined
      ? this.#pending.length === 1 ? 0 : -1
      : this.#pending.findIndex((update) => update.eventId === eventId);
    const [update] = index < 0 ? [] : this.#pending.splice(index, 1);
    update?.answer.reject(error);
    return update !== undefined;
  }

  /** Settles all changes: the session has ended. */
  end(error: Error): void {
    for (const { answer } of this.#pending.splice(0)) answer.reject(error);
  }
}
