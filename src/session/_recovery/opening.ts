// This module is browser compatible.
import type { IdGenerator } from "../../_internal/ids.ts";
import { stringAt, toApiError, toWireEvent, type WireEvent } from "../../_internal/wire.ts";
import { ConnectionError, type RealtimeApiError } from "../../errors.ts";
import type { ClientEvent, ItemParam, SessionConfig } from "../../protocol/mod.ts";
import type { IncomingEvent, Transport } from "../../transport/transport.ts";
import { ackKey, AckTable } from "../_commands/ack_table.ts";

/** A connection that is being made ready to take the place of another one. */
export class Opening {
  readonly transport: Transport;
  /** Events for the session, in order. */
  readonly first: IncomingEvent[] = [];
  readonly #makeId: IdGenerator;
  readonly #reader: ReadableStreamDefaultReader<IncomingEvent>;
  #refusal: RealtimeApiError | undefined;

  constructor(transport: Transport, makeId: IdGenerator) {
    this.transport = transport;
    this.#makeId = makeId;
    this.#reader = transport.events.getReader();
  }

  /**
   * Waits for the session and configures it.
   *
   * @throws {RealtimeApiError} when the server refuses the configuration.
   * @throws {ConnectionError} when the connection ends.
   */
  async configure(session: SessionConfig): Promise<void> {
    await this.#until((event) => event.type === "session.created");
    const eventId = this.#makeId("event");
    // It was checked, and accepted once.
    this.transport.send({ type: "session.update", event_id: eventId, session }, { check: false });
    await this.#until((event) => {
      if (refusedId(event) === eventId) throw toApiError(event);
      return event.type === "session.updated";
    });
  }

  /** Creates items, in order; resolves with the errors of those that the server refused. */
  async create(items: readonly ItemParam[]): Promise<ReadonlyMap<ItemParam, RealtimeApiError>> {
    const refused = new Map<ItemParam, RealtimeApiError>();
    const acks = new AckTable();
    for (const item of items) {
      const id = item.id ?? this.#makeId("item");
      const eventId = this.#makeId("event");
      const event: ClientEvent = { type: "conversation.item.create", event_id: eventId, item: { ...item, id } };
      this.transport.send(event, { check: false });
      acks.add({
        eventId,
        key: ackKey("conversation.item.added", id),
        // Nobody else creates items yet: one with an id of the server's own is the oldest of ours, whatever it contains.
        item: {},
        resolve: () => {},
        reject: (error) => refused.set(item, error as RealtimeApiError),
      });
    }
    const take = (event: WireEvent): boolean => {
      acks.receive(event);
      const eventId = refusedId(event);
      if (eventId !== undefined) acks.refuse(eventId, toApiError(event));
      return acks.size === 0;
    };
    if (items.length > 0) await this.#until(take, false);
    return refused;
  }

  /** Leaves the connection to the session. */
  release(): void {
    this.#reader.releaseLock();
  }

  /** Reads on until an event is the awaited one; what is read is kept for the session, unless it `isOurs` alone. */
  async #until(isAwaited: (event: WireEvent) => boolean, isKept = true): Promise<void> {
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) throw await this.#ended();
      const event = toWireEvent(value);
      if (event?.type === "error") this.#refusal = toApiError(event);
      // The conversation has these items already.
      if (isKept || !/^(conversation\.item|error$)/.test(value.type)) this.first.push(value);
      if (event && isAwaited(event)) return;
    }
  }

  async #ended(): Promise<ConnectionError> {
    const close = await this.transport.closed;
    const { url } = this.transport;
    const why = this.#refusal?.message ?? close.reason;
    const message = `Cannot reconnect to ${url} as the connection ended with code ${close.code}${why && `: ${why}`}`;
    return new ConnectionError(message, { kind: "closed", url, close, cause: this.#refusal });
  }
}

function refusedId(event: WireEvent): string | undefined {
  return event.type === "error" ? stringAt(event, "error", "event_id") : undefined;
}
