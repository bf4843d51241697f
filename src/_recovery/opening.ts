// This module is browser compatible.
import type { IdGenerator } from "../_internal/ids.ts";
import { stringAt, toApiError, toWireEvent, type WireEvent } from "../_internal/wire.ts";
import { ConnectionError, type RealtimeApiError } from "../errors.ts";
import type { Transport } from "../transport/transport.ts";

/** A connection that is being prepared to replace another one. */
export class Opening<Out, In extends { readonly type: string }> {
  readonly transport: Transport<Out, In>;
  /** Time at which it was opened, on the session's clock. */
  readonly openedAt: number;
  /** Events for the session, in order. */
  readonly first: In[] = [];
  readonly #makeId: IdGenerator;
  readonly #reader: ReadableStreamDefaultReader<In>;
  #refusal: RealtimeApiError | undefined;
  /** The configuration of the connection's session. */
  #session: object | undefined;

  constructor(transport: Transport<Out, In>, makeId: IdGenerator, openedAt: number) {
    this.transport = transport;
    this.openedAt = openedAt;
    this.#makeId = makeId;
    this.#reader = transport.events.getReader();
  }

  /**
   * Waits for the session and configures it; does nothing when it already has this configuration.
   *
   * @throws {RealtimeApiError} when the server rejects the configuration.
   * @throws {ConnectionError} when the connection ends.
   */
  async configure(session: object): Promise<void> {
    if (session === this.#session) return;
    if (!this.#session) await this.until((event) => event.type === "session.created");
    const eventId = this.#makeId("event");
    this.send({ type: "session.update", event_id: eventId, session });
    await this.until((event) => {
      if (event.type === "error" && stringAt(event, "error", "event_id") === eventId) throw toApiError(event);
      return event.type === "session.updated";
    });
    this.#session = session;
  }

  /** Sends an event without a check: it consists of configuration that was accepted before. */
  send(event: { readonly type: string; readonly [field: string]: unknown }): void {
    this.transport.send(event as Out, { check: false });
  }

  /** Reads on until `isAwaited` accepts an event. The events read are kept for the session if `isKept` accepts them. */
  async until(
    isAwaited: (event: WireEvent) => boolean,
    isKept: (event: WireEvent) => boolean = () => true,
  ): Promise<void> {
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) throw await this.#ended();
      const event = toWireEvent(value);
      if (event?.type === "error") this.#refusal = toApiError(event);
      if (!event || isKept(event)) this.first.push(value);
      if (event && isAwaited(event)) return;
    }
  }

  /** Hands the connection over to the session. */
  release(): void {
    this.#reader.releaseLock();
  }

  async #ended(): Promise<ConnectionError> {
    const close = await this.transport.closed;
    const { url } = this.transport;
    const why = this.#refusal?.message ?? close.reason;
    const message = `Cannot reconnect to ${url} as the connection ended with code ${close.code}${why && `: ${why}`}`;
    return new ConnectionError(message, { kind: "closed", url, close, cause: this.#refusal });
  }
}
