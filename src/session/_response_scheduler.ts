// This module is browser compatible.
import { withTimeout } from "../_internal/timeout.ts";
import { stringAt, toApiError, type WireEvent } from "../_internal/wire.ts";
import { ConnectionError } from "../errors.ts";
import type { ResponseConfig } from "../protocol/mod.ts";
import { hideResponseKey, isInConversation } from "./_response_key.ts";
import { CANCELLED, ResponseRecord, toOutcome, UNSEEN } from "./_response_record.ts";
import { mannerOf, type ResponseRequest } from "./_response_request.ts";
import type { ResponseSchedulerOptions } from "./_response_scheduler_options.ts";
import { SentRequests } from "./_sent_requests.ts";
import { SilenceWatch } from "./_silence_watch.ts";
import { SlotHold } from "./_slot_hold.ts";
import type { ResponseOutcome } from "./response_handle.ts";
import type { CommandOptions, RespondOptions } from "./session_options.ts";

/** How long the server may take to begin its answer to a turn of the user, in milliseconds. */
const TURN_ANSWER_MS = 2000;

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
  readonly #silence: SilenceWatch;
  /** Our request that holds the slot until the server has created it. */
  #claim: ResponseRequest | undefined;
  /** The response that has the slot. */
  #active: ResponseRecord | undefined;
  /** While there may be a response that we have not seen. */
  readonly #unseen: SlotHold;
  /** While the user speaks, whom the server will answer. */
  readonly #turn: SlotHold;

  constructor(options: ResponseSchedulerOptions) {
    this.#options = options;
    this.#sent = new SentRequests(options);
    this.#unseen = new SlotHold(options.clock, () => this.#fillSlot());
    this.#turn = new SlotHold(options.clock, () => this.#fillSlot());
    this.#silence = new SilenceWatch(options.ackTimeoutMs, options.clock, () => {
      options.onMaybeOver(this.#active?.id);
      // The server knows whether it is over.
      this.#fillSlot(true);
    });
  }

  /** The response that has the slot of the default conversation, if there is one. */
  get active(): ResponseRecord | undefined {
    return this.#active ?? this.#claim?.record;
  }

  /** The response of the default conversation that ends last, of those that are being made or wait. */
  get last(): ResponseRecord | undefined {
    return this.#queue.at(-1)?.record ?? this.active;
  }

  /** The response of this id, while it runs. */
  running(responseId: string | undefined): ResponseRecord | undefined {
    return this.#running.get(responseId ?? "");
  }

  /** Asks for a response; it is sent at once outside the conversation, or as soon as the slot is free. */
  request(config: ResponseConfig, { signal, timeoutMs }: RespondOptions = {}): ResponseRecord {
    if (timeoutMs !== undefined && !(timeoutMs >= 0)) {
      throw new RangeError(`Cannot respond as timeoutMs must be >= 0: current value is ${timeoutMs}`);
    }
    const request = this.#makeRequest(config, false, timeoutMs);
    if (signal?.aborted) request.record.end(CANCELLED);
    else this.#enqueue(request);
    request.record.cancelOn(signal);
    return request.record;
  }

  /** Asks for the response that continues after tool outputs; one that is already waiting serves for all. */
  requestFollowUp(config: ResponseConfig): void {
    if (!this.#queue.some((request) => request.isFollowUp)) this.#enqueue(this.#makeRequest(mannerOf(config), true));
  }

  /** Takes back what {@linkcode requestFollowUp} has asked for, if it still waits. */
  dropFollowUp(): void {
    void this.#queue.find((request) => request.isFollowUp)?.record.cancel();
  }

  /** Cancels a response at any moment of its life; resolves when it has ended. */
  cancel(record: ResponseRecord, { signal, timeoutMs }: CommandOptions = {}): Promise<void> {
    const { clock } = this.#options;
    return withTimeout(() => this.#cancel(record), { what: "cancel a response", signal, timeoutMs, clock });
  }

  async #cancel(record: ResponseRecord): Promise<void> {
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
  turnCommitted(): void {
    const { ackTimeoutMs, answersTurns } = this.#options;
    this.#sent.turnCommitted();
    if (answersTurns() && !this.#active) this.#unseen.begin(Math.min(TURN_ANSWER_MS, ackTimeoutMs));
    this.#turn.end();
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
      case "input_audio_buffer.speech_started":
        return this.#options.answersTurns() ? this.#turn.begin(this.#options.ackTimeoutMs) : undefined;
      case "input_audio_buffer.cleared":
        return this.#turn.end();
    }
    if (!event.type.startsWith("response.")) return;
    const id = stringAt(event, "response_id");
    // A server that names no response means the one that is active.
    const record = id === undefined ? this.#active : this.#running.get(id) ?? this.#find(id);
    if (record === this.#active) this.#silence.heard();
    record?.receive(event);
  }

  /** Ends every response: the connection has. */
  close(cause: ConnectionError): void {
    const requests = [...this.#queue.splice(0), ...this.#sent.values()];
    for (const request of requests) request.cancelTimer();
    const records = [...requests.map((request) => request.record), ...this.#running.values(), this.#active];
    this.#running.clear();
    this.#active = this.#claim = undefined;
    for (const watch of [this.#unseen, this.#turn, this.#silence]) watch.end();
    for (const record of records) record?.end({ status: "lost", cause });
  }

  #makeRequest(config: ResponseConfig, isFollowUp: boolean, timeoutMs?: number): ResponseRequest {
    return {
      record: this.#makeRecord(false, config.conversation !== "none", config),
      config,
      timeoutMs: timeoutMs ?? this.#options.ackTimeoutMs,
      key: this.#options.makeId("key"),
      eventId: this.#options.makeId("event"),
      isFollowUp,
      cancelTimer: () => {},
    };
  }

  #makeRecord(startedByServer: boolean, inConversation: boolean, config: ResponseConfig = {}): ResponseRecord {
    return new ResponseRecord({ startedByServer, inConversation, config, owner: this });
  }

  #enqueue(request: ResponseRequest): void {
    if (!request.record.inConversation) return this.#send(request);
    this.#queue.push(request);
    this.#fillSlot();
  }

  #fillSlot(isProbe = false): void {
    while ((isProbe || !this.#active) && !this.#claim && !this.#unseen.isOn && !this.#turn.isOn) {
      const request = this.#queue.shift();
      if (!request) return;
      // When the server says no to this one it has had its reasons.
      if (isProbe) request.record.retries++;
      this.#claim = request;
      this.#send(request);
    }
  }

  #send(request: ResponseRequest): void {
    const outcome = this.#sent.send(request, () => this.#giveUp(request));
    if (outcome) this.#take(request).end(outcome);
  }

  /** Takes a request out of those that wait for `response.created`. */
  #take(request: ResponseRequest): ResponseRecord {
    this.#sent.delete(request);
    if (this.#claim === request) this.#claim = undefined;
    return request.record;
  }

  #giveUp(request: ResponseRequest): void {
    request.record.fail("ack_timeout", `The server did not create the response within ${request.timeoutMs} ms`);
    // Should it be created after all, nobody is listening any more.
    request.record.cancelRequested = true;
    if (this.#claim === request) this.#claim = undefined;
    this.#fillSlot();
  }

  #created(event: WireEvent): void {
    const id = stringAt(event, "response", "id");
    if (id !== undefined && this.#running.has(id)) return;
    const request = this.#sent.createdBy(event);
    this.#begin(request ? this.#take(request) : this.#makeRecord(true, isInConversation(event)), id);
  }

  /** Finds the response of this unknown id, if its `response.created` was lost. */
  #find(id: string): ResponseRecord | undefined {
    const request = this.#sent.heardOf(id);
    if (request) this.#begin(this.#take(request), id);
    return request?.record;
  }

  #begin(record: ResponseRecord, id: string | undefined): void {
    if (id !== undefined) this.#running.set(id, record);
    record.begin(id);
    if (record.inConversation) {
      const previous = this.#active;
      this.#active = record;
      if (previous) {
        // The server makes one at a time: the end of the one before was lost.
        this.#options.onMaybeOver(previous.id);
        this.#finish(previous, UNSEEN);
      }
      this.#silence.start();
    }
    if (record.startedByServer) this.#turn.end();
    this.#options.onCreated(record);
    // Whoever asked for it waits for the same cancel; one that was given up has nobody to tell.
    if (record.cancelRequested) this.#cancelRunning(record).catch(() => {});
  }

  #done(event: WireEvent): void {
    const id = stringAt(event, "response", "id");
    const request = this.#sent.doneBy(event);
    if (request) this.#take(request).begin(id);
    const record = request?.record ?? (id === undefined ? this.#active : this.#running.get(id));
    if (record) this.#finish(record, toOutcome(hideResponseKey(event)));
    else if (isInConversation(event)) this.#freeSlot();
  }

  #finish(record: ResponseRecord, outcome: ResponseOutcome): void {
    if (record.id !== undefined) {
      this.#running.delete(record.id);
      this.#sent.over(record.id);
    }
    if (record === this.#active) this.#active = undefined;
    record.end(outcome);
    if (record.inConversation) this.#freeSlot();
  }

  #freeSlot(): void {
    this.#unseen.end();
    if (!this.#active) this.#silence.end();
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
    const record = this.#take(request);
    const { code, message } = toApiError(event);
    if (code === "conversation_already_has_active_response" && record.retries > 0 && !record.cancelRequested) {
      record.retries--;
      record.state = "queued";
      this.#queue.unshift(request);
      if (!this.#active) this.#unseen.begin(this.#options.ackTimeoutMs);
    } else {
      record.fail(code, message);
    }
    this.#fillSlot();
  }
}
