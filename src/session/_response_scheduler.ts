// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import type { IdGenerator } from "../_internal/ids.ts";
import { stringAt, toApiError, type WireEvent } from "../_internal/wire.ts";
import { ConnectionError } from "../errors.ts";
import type { ResponseConfig, ResponseCreateEvent } from "../protocol/mod.ts";
import { hideResponseKey, isInConversation, withResponseKey } from "./_response_key.ts";
import { CANCELLED, ResponseRecord, toOutcome } from "./_response_record.ts";
import { type ResponseRequest, SentRequests } from "./_sent_requests.ts";
import type { ResponseOutcome } from "./response_handle.ts";

/** How long the server may take to begin its answer to a turn of the user, in milliseconds. */
const TURN_ANSWER_MS = 2000;

/** What the scheduler needs of its surroundings. */
export interface ResponseSchedulerOptions {
  /** Sends a `response.create`; throws when the event is refused or the connection has ended. */
  send(event: ResponseCreateEvent): void;
  /** Cancels a response that the server has created; resolves when it has ended, or was not active any more. */
  cancel(responseId: string | undefined): Promise<void>;
  /** Told of every response that the server has created. */
  onCreated(record: ResponseRecord): void;
  /** Whether others ask for responses, too; such servers are known to echo metadata. */
  isShared: boolean;
  /** How long the server may take to create a response, in milliseconds. */
  ackTimeoutMs: number;
  /** Source of time. */
  clock: Clock;
  /** Makes event ids and keys. */
  makeId: IdGenerator;
}

/**
 * Owns the single slot of the default conversation: the server makes one response there at a time, and may start one
 * itself at the end of a turn. Requests queue until it is free; those with `conversation: "none"` run beside it.
 */
export class ResponseScheduler {
  readonly #options: ResponseSchedulerOptions;
  readonly #queue: ResponseRequest[] = [];
  readonly #sent: SentRequests;
  /** Created and not yet done, by response id. */
  readonly #running = new Map<string, ResponseRecord>();
  /** Our request that holds the slot until the server has created it. */
  #claim: ResponseRequest | undefined;
  /** The response that has the slot. */
  #active: ResponseRecord | undefined;
  /** Ends the waiting for a response that the server says is active, and that we have not seen. */
  #unblock: (() => void) | undefined;

  constructor(options: ResponseSchedulerOptions) {
    this.#options = options;
    this.#sent = new SentRequests(options.isShared);
  }

  /** The response that has the slot of the default conversation, if there is one. */
  get active(): ResponseRecord | undefined {
    return this.#active ?? this.#claim?.record;
  }

  /** The response of this id, while it runs. */
  running(responseId: string | undefined): ResponseRecord | undefined {
    return this.#running.get(responseId ?? "");
  }

  /** Asks for a response; it is sent at once outside the conversation, or as soon as the slot is free. */
  request(config: ResponseConfig = {}, signal?: AbortSignal): ResponseRecord {
    const request = this.#makeRequest(config, false);
    const { record } = request;
    if (signal?.aborted) {
      record.end(CANCELLED);
    } else {
      this.#enqueue(request);
      if (signal) record.cancelOn(signal);
    }
    return record;
  }

  /** Asks for the response that continues after tool outputs; one that is already waiting serves for all. */
  requestFollowUp(config: ResponseConfig): void {
    if (!this.#queue.some((request) => request.isFollowUp)) this.#enqueue(this.#makeRequest(config, true));
  }

  /** Cancels a response at any moment of its life; resolves when it has ended. */
  async cancel(record: ResponseRecord): Promise<void> {
    if (record.state === "queued") {
      this.#queue.splice(this.#queue.findIndex((request) => request.record === record), 1);
      record.end(CANCELLED);
    }
    if (record.state === "sent") {
      record.cancelRequested = true;
      await record.begun;
    }
    if (record.state === "active") await this.#cancelRunning(record);
  }

  /**
   * Notes that the server ended a turn of the user. When it answers turns of its own accord, nothing is sent until that
   * response is there, or has been long in coming.
   */
  turnCommitted(isAnswered: boolean): void {
    this.#sent.turnCommitted();
    if (isAnswered) this.#waitForUnseen(Math.min(TURN_ANSWER_MS, this.#options.ackTimeoutMs));
  }

  /** Takes in one server event. */
  receive(event: WireEvent): void {
    switch (event.type) {
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
    if (event.type.startsWith("response.")) record?.receive(event);
  }

  /** Ends every response: the connection has. */
  close(cause: ConnectionError): void {
    const requests = [...this.#queue.splice(0), ...this.#sent.values()];
    for (const request of requests) request.cancelTimer();
    const records = [...requests.map((request) => request.record), ...this.#running.values()];
    if (this.#active) records.push(this.#active);
    this.#running.clear();
    this.#active = this.#claim = undefined;
    this.#unblock?.();
    for (const record of records) record.end({ status: "lost", cause });
  }

  #makeRequest(config: ResponseConfig, isFollowUp: boolean): ResponseRequest {
    return {
      record: this.#makeRecord(false, config.conversation !== "none", mannerOf(config)),
      config,
      key: this.#options.makeId("key"),
      eventId: this.#options.makeId("event"),
      isFollowUp,
      cancelTimer: () => {},
    };
  }

  #makeRecord(startedByServer: boolean, inConversation: boolean, manner: ResponseConfig = {}): ResponseRecord {
    return new ResponseRecord({ startedByServer, inConversation, manner, cancel: (record) => this.cancel(record) });
  }

  #enqueue(request: ResponseRequest): void {
    if (!request.record.inConversation) return this.#send(request);
    this.#queue.push(request);
    this.#fillSlot();
  }

  #fillSlot(): void {
    while (!this.#active && !this.#claim && !this.#unblock) {
      const request = this.#queue.shift();
      if (!request) return;
      this.#claim = request;
      this.#send(request);
    }
  }

  #send(request: ResponseRequest): void {
    const { record, config, key, eventId } = request;
    record.state = "sent";
    this.#sent.add(request);
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
  #take(request: ResponseRequest): void {
    request.cancelTimer();
    this.#sent.delete(request);
    if (this.#claim === request) this.#claim = undefined;
  }

  #giveUp(request: ResponseRequest): void {
    const message = `The server did not create the response within ${this.#options.ackTimeoutMs} ms`;
    this.#endUncreated(request.record, { status: "failed", code: "ack_timeout", message, response: undefined });
    // Should it be created after all, nobody is listening any more.
    request.record.cancelRequested = true;
    if (this.#claim === request) this.#claim = undefined;
    this.#fillSlot();
  }

  /** Ends a response that the server never created: as cancelled, if that was asked for. */
  #endUncreated(record: ResponseRecord, outcome: ResponseOutcome): void {
    record.end(record.cancelRequested ? CANCELLED : outcome);
  }

  #created(event: WireEvent): void {
    const id = stringAt(event, "response", "id");
    if (id !== undefined && this.#running.has(id)) return;
    const request = this.#sent.createdBy(event);
    if (request) this.#take(request);
    const record = request?.record ?? this.#makeRecord(true, isInConversation(event));
    if (id !== undefined) this.#running.set(id, record);
    if (record.inConversation) this.#active = record;
    record.begin(id);
    this.#options.onCreated(record);
    // Whoever asked for it waits for the same cancel; one that was given up has nobody to tell.
    if (record.cancelRequested) this.#cancelRunning(record).catch(() => {});
  }

  #done(event: WireEvent): void {
    const id = stringAt(event, "response", "id");
    const request = this.#sent.doneBy(event);
    if (request) {
      this.#take(request);
      request.record.begin(id);
    }
    const record = request?.record ?? (id === undefined ? this.#active : this.#running.get(id));
    if (record) this.#finish(record, toOutcome(hideResponseKey(event)));
    else if (isInConversation(event)) this.#freeSlot();
  }

  #finish(record: ResponseRecord, outcome: ResponseOutcome): void {
    if (record.id !== undefined) this.#running.delete(record.id);
    if (record === this.#active) this.#active = undefined;
    record.end(outcome);
    if (record.inConversation) this.#freeSlot();
  }

  #freeSlot(): void {
    this.#unblock?.();
    this.#fillSlot();
  }

  #cancelRunning(record: ResponseRecord): Promise<void> {
    return record.cancelling ??= this.#sendCancel(record).finally(() => record.cancelling = undefined);
  }

  async #sendCancel(record: ResponseRecord): Promise<void> {
    try {
      await this.#options.cancel(record.id);
    } catch (error) {
      // With the connection the response ends as well.
      if (error instanceof ConnectionError) await record.done;
      else if (record.state !== "done") throw error;
    }
    // The server knows of no such response any more; its end came unnoticed, or will.
    if (record === this.#active || this.#running.has(record.id ?? "")) this.#finish(record, CANCELLED);
  }

  #refused(event: WireEvent): void {
    const request = this.#sent.refusedBy(event);
    if (!request) return;
    const { record } = request;
    this.#take(request);
    const { code, message } = toApiError(event);
    if (code === "conversation_already_has_active_response" && !record.retried && !record.cancelRequested) {
      record.retried = true;
      record.state = "queued";
      this.#queue.unshift(request);
      this.#waitForUnseen(this.#options.ackTimeoutMs);
    } else {
      this.#endUncreated(record, { status: "failed", code, message, response: undefined });
    }
    this.#fillSlot();
  }

  /** Holds the queue until the response that we have not seen is done, or long enough for it to have been missed. */
  #waitForUnseen(timeoutMs: number): void {
    if (this.#active || this.#unblock) return;
    const cancelTimer = this.#options.clock.schedule(() => {
      this.#unblock = undefined;
      this.#fillSlot();
    }, timeoutMs);
    this.#unblock = () => {
      this.#unblock = undefined;
      cancelTimer();
    };
  }
}

/** What a response hands on to the one that continues it: how it is made, not what it was made of. */
function mannerOf(config: ResponseConfig): ResponseConfig {
  const { conversation: _conversation, input: _input, metadata: _metadata, tool_choice: _choice, ...manner } = config;
  return manner;
}
