// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import type { IdGenerator } from "../_internal/ids.ts";
import { ConnectionError, InvalidEventError } from "../errors.ts";
import { checkClientEvent, MAX_METADATA_PAIRS, type ResponseConfig, type ResponseCreateEvent } from "../protocol/mod.ts";
import { at, isRecord, stringAt, toApiError, type WireEvent } from "../_internal/wire.ts";
import { type ResponseOutcome, ResponseRecord, toOutcome } from "./response_handle.ts";

/** Metadata key by which a response is known as ours. The server echoes metadata; users never see this key. */
export const RESPONSE_KEY = "oai_rt_key";

/** What the scheduler needs of its surroundings. */
export interface ResponseSchedulerOptions {
  /** Sends a `response.create`; throws when the event is refused or the connection has ended. */
  send(event: ResponseCreateEvent): void;
  /** Cancels a response that the server has created; resolves when it has ended. */
  cancel(responseId: string): Promise<void>;
  /** Told of every response that the server creates, before any other event about it. */
  created(record: ResponseRecord): void;
  /** How long the server may take to create a response, in milliseconds. */
  ackTimeoutMs: number;
  /** Source of time. */
  clock: Clock;
  /** Makes event ids and keys. */
  makeId: IdGenerator;
}

interface Request {
  readonly record: ResponseRecord;
  readonly config: ResponseConfig;
  readonly key: string;
  readonly eventId: string;
  readonly isFollowUp: boolean;
  cancelTimer: () => void;
}

/**
 * Owns the single slot of the default conversation: the server makes one response there at a time, and may start one
 * itself at the end of a turn. Requests wait in a queue until the slot is free; responses outside the conversation
 * (`conversation: "none"`) run beside it.
 */
export class ResponseScheduler {
  readonly #options: ResponseSchedulerOptions;
  readonly #queue: Request[] = [];
  /** Sent, and not yet created by the server, in the order of sending. */
  readonly #sent = new Map<string, Request>();
  /** Created and not yet done, by response id. */
  readonly #running = new Map<string, ResponseRecord>();
  /** Our request that holds the slot until the server has created it. */
  #claim: Request | undefined;
  /** The response that has the slot. */
  #active: ResponseRecord | undefined;
  /** Set while the server says that some response is active and we have not seen which; ends the waiting for it. */
  #unblock: (() => void) | undefined;
  #serverEchoesMetadata = false;
  #turnCommitted = false;

  constructor(options: ResponseSchedulerOptions) {
    this.#options = options;
  }

  /** The response that has the slot of the default conversation, if there is one. */
  get active(): ResponseRecord | undefined {
    return this.#active ?? this.#claim?.record;
  }

  /** Asks for a response; it is sent at once outside the conversation, or as soon as the slot is free. */
  request(config: ResponseConfig = {}): ResponseRecord {
    return this.#request(config, false).record;
  }

  /** Asks for the response that continues after tool outputs; one that is already waiting serves for both. */
  requestFollowUp(): ResponseRecord {
    const waiting = this.#queue.find((request) => request.isFollowUp);
    return (waiting ?? this.#request({}, true)).record;
  }

  /** Cancels a response at any moment of its life; resolves when it has ended. */
  async cancel(record: ResponseRecord): Promise<void> {
    if (record.state === "queued") {
      const index = this.#queue.findIndex((request) => request.record === record);
      this.#queue.splice(index, 1);
      record.end({ status: "cancelled", reason: "client_cancelled", response: undefined });
    } else if (record.state === "sent") {
      record.cancelRequested = true;
    } else if (record.state === "active") {
      await this.#cancelActive(record);
    }
    await record.done;
  }

  /** Takes in one server event. */
  receive(event: WireEvent): void {
    switch (event.type) {
      case "input_audio_buffer.committed":
        this.#turnCommitted = true;
        return;
      case "response.created":
        return this.#created(event);
      case "response.done":
        return this.#done(event);
      case "error":
        return this.#refused(event);
    }
    const id = stringAt(event, "response_id");
    // A server that names no response means the one that is active.
    const record = id === undefined ? this.#active : this.#running.get(id);
    if (record && event.type.startsWith("response.")) record.receive(event);
  }

  /** Ends every response: the connection has. */
  close(cause: ConnectionError): void {
    const requests = [...this.#queue.splice(0), ...this.#sent.values()];
    for (const request of requests) request.cancelTimer();
    const records = [...requests.map((request) => request.record), ...this.#running.values()];
    this.#sent.clear();
    this.#running.clear();
    this.#active = this.#claim = undefined;
    this.#unblock?.();
    for (const record of records) record.end({ status: "lost", cause });
  }

  async #cancelActive(record: ResponseRecord): Promise<void> {
    if (record.id !== undefined) await this.#options.cancel(record.id);
    // The server knows of no such response any more, and its end never came.
    if (record.state === "active") this.#finish(record, { status: "cancelled", reason: "client_cancelled", response: undefined });
  }

  #finish(record: ResponseRecord, outcome: ResponseOutcome): void {
    if (record.id !== undefined) this.#running.delete(record.id);
    if (record === this.#active) this.#active = undefined;
    this.#unblock?.();
    record.end(outcome);
    this.#fillSlot();
  }

  #request(config: ResponseConfig, isFollowUp: boolean): Request {
    const request: Request = {
      record: new ResponseRecord(false, (record) => this.cancel(record)),
      config,
      key: this.#options.makeId("key"),
      eventId: this.#options.makeId("event"),
      isFollowUp,
      cancelTimer: () => {},
    };
    if (config.conversation === "none") {
      this.#send(request);
    } else {
      this.#queue.push(request);
      this.#fillSlot();
    }
    return request;
  }

  #fillSlot(): void {
    while (!this.#active && !this.#claim && !this.#unblock) {
      const request = this.#queue.shift();
      if (!request) return;
      this.#claim = request;
      this.#send(request);
    }
  }

  #send(request: Request): void {
    const { record, config, key, eventId } = request;
    record.state = "sent";
    this.#sent.set(key, request);
    this.#turnCommitted = false;
    try {
      this.#options.send({ type: "response.create", event_id: eventId, response: withResponseKey(config, key) });
    } catch (error) {
      this.#take(request);
      if (error instanceof ConnectionError) return record.end({ status: "lost", cause: error });
      const message = error instanceof Error ? error.message : String(error);
      return record.end({ status: "failed", code: "not_sent", message, response: undefined });
    }
    request.cancelTimer = this.#options.clock.schedule(() => this.#giveUp(request), this.#options.ackTimeoutMs);
  }

  /** Takes a request out of those that wait for `response.created`. */
  #take(request: Request): void {
    request.cancelTimer();
    this.#sent.delete(request.key);
    if (this.#claim === request) this.#claim = undefined;
  }

  #giveUp(request: Request): void {
    const message = `The server did not create the response within ${this.#options.ackTimeoutMs} ms`;
    request.record.end({ status: "failed", code: "ack_timeout", message, response: undefined });
    // Should it be created after all, nobody is listening any more.
    request.record.cancelRequested = true;
    if (this.#claim === request) this.#claim = undefined;
    this.#fillSlot();
  }

  #created(event: WireEvent): void {
    const id = stringAt(event, "response", "id");
    const request = this.#requestOf(event);
    if (request) this.#take(request);
    const record = request?.record ?? new ResponseRecord(true, (record) => this.cancel(record));
    record.id = id;
    const gaveUp = record.state === "done";
    if (!gaveUp) record.state = "active";
    const inConversation = request
      ? request.config.conversation !== "none"
      : at(event, "response", "conversation_id") !== null;
    if (id !== undefined) this.#running.set(id, record);
    if (inConversation) this.#active = record;
    if (!gaveUp) this.#options.created(record);
    // Whoever asked for the cancel waits for the end of the response; nobody waits for this command.
    if (record.cancelRequested) this.#cancelActive(record).catch(() => {});
  }

  #requestOf(event: WireEvent): Request | undefined {
    const metadata = at(event, "response", "metadata");
    const key = stringAt(metadata, RESPONSE_KEY);
    if (key !== undefined) {
      this.#serverEchoesMetadata = true;
      return this.#sent.get(key);
    }
    if (this.#serverEchoesMetadata || this.#turnCommitted) return undefined;
    return [...this.#sent.values()].find(({ record }) => record.state === "sent");
  }

  #done(event: WireEvent): void {
    const id = stringAt(event, "response", "id");
    const record = (id === undefined ? undefined : this.#running.get(id)) ?? this.#undeclared(event) ?? this.#active;
    if (record) this.#finish(record, toOutcome(event));
    this.#unblock?.();
    this.#fillSlot();
  }

  /** Our request, on a server that ends a response without having said that it created it. */
  #undeclared(event: WireEvent): ResponseRecord | undefined {
    const request = this.#requestOf(event);
    if (!request) return undefined;
    this.#take(request);
    return request.record;
  }

  #refused(event: WireEvent): void {
    const eventId = stringAt(event, "error", "event_id");
    const request = [...this.#sent.values()].find((sent) => sent.eventId === eventId);
    if (!request || eventId === undefined) return;
    const { record } = request;
    this.#take(request);
    const { code, message } = toApiError(event);
    if (code === "conversation_already_has_active_response" && !record.retried && !record.cancelRequested) {
      record.retried = true;
      record.state = "queued";
      this.#queue.unshift(request);
      this.#waitForUnseen();
    } else if (record.cancelRequested) {
      record.end({ status: "cancelled", reason: "client_cancelled", response: undefined });
    } else {
      record.end({ status: "failed", code, message, response: undefined });
    }
    this.#fillSlot();
  }

  /** Holds the queue until the response that we have not seen is done, or long enough for it to have been missed. */
  #waitForUnseen(): void {
    if (this.#active) return;
    const cancelTimer = this.#options.clock.schedule(() => {
      this.#unblock = undefined;
      this.#fillSlot();
    }, this.#options.ackTimeoutMs);
    this.#unblock = () => {
      this.#unblock = undefined;
      cancelTimer();
    };
  }
}

/** The body of a `response.create` with our metadata key. */
export function withResponseKey(config: ResponseConfig, key: string): ResponseConfig {
  return { ...config, metadata: { ...config.metadata, [RESPONSE_KEY]: key } };
}

/** The event without our metadata key, as users see it. */
export function hideResponseKey<T>(event: T): T {
  const response = at(event, "response");
  const metadata = at(response, "metadata");
  if (!isRecord(event) || !isRecord(response) || !isRecord(metadata) || !(RESPONSE_KEY in metadata)) return event;
  const { [RESPONSE_KEY]: _key, ...rest } = metadata;
  return { ...event, response: { ...response, metadata: Object.keys(rest).length > 0 ? rest : null } } as T;
}

/** Refuses what the server would refuse, and metadata that leaves no room for our key. */
export function checkResponseConfig(config: ResponseConfig): void {
  const type = "response.create";
  const pairs = Object.keys(config.metadata ?? {}).length;
  if (pairs === MAX_METADATA_PAIRS) {
    const message = `must have at most ${MAX_METADATA_PAIRS - 1} pairs, as the session adds ${RESPONSE_KEY}: current value has ${pairs}`;
    throw new InvalidEventError(type, [{ path: "response.metadata", message, value: config.metadata }]);
  }
  const issues = checkClientEvent({ type, response: config });
  if (issues.length > 0) throw new InvalidEventError(type, issues);
}
