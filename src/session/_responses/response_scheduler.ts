// This module is browser compatible.
import { withTimeout } from "../../_internal/timeout.ts";
import { asString, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { ConnectionError, type RealtimeApiError } from "../../errors.ts";
import type { ResponseConfig } from "../../protocol/mod.ts";
import type { ResponseOutcome } from "../response_handle.ts";
import type { ConnectionHost } from "../_kernel/connection_host.ts";
import type { CommandOptions } from "../command_options.ts";
import type { ResponseOrigin } from "../session_part.ts";
import { isInConversation, stripCorrelationId, toCorrelatedEvent } from "./correlation.ts";
import { CANCELLED, ResponseRecord, toOutcome, toUnsent, UNSEEN } from "./response_record.ts";
import { isAwaited, isOwn, readsConversation, type ResponseRequest } from "./response_request.ts";
import { type RequestOptions, type ResponseLine, TURN_ANSWER_MS } from "./response_scheduler_options.ts";
import { awaitsServer, expectsAnswer } from "./response_slot.ts";
import { RunningResponses } from "./running_responses.ts";
import { SentRequests } from "./sent_requests.ts";
import { SlotKeeper } from "./slot_keeper.ts";

/** Owns the slot of the default conversation. Requests wait for it in a queue; out-of-band ones run in parallel. */
export class ResponseScheduler {
  /** Number of responses of the conversation that were requested, or started by the server, on all connections. */
  count: number;
  readonly #host: ConnectionHost;
  readonly #line: ResponseLine;
  readonly #queue: ResponseRequest[] = [];
  readonly #sent: SentRequests;
  readonly #running = new RunningResponses();
  readonly #slot: SlotKeeper;

  constructor(host: ConnectionHost, line: ResponseLine, count = 0) {
    this.count = count;
    this.#host = host;
    this.#line = line;
    // Servers from which others also request responses are known to echo metadata.
    this.#sent = new SentRequests(host.isShared);
    this.#slot = new SlotKeeper(host.clock, () => {
      this.#fill();
      host.notifyIdle();
    });
  }

  /** The response that occupies the slot, unless it has ended for its callers. */
  get active(): ResponseRecord | undefined {
    return this.#slot.active;
  }

  /** Whether the model has nothing to say: the slot is free, and no request is queued. */
  get isIdle(): boolean {
    return this.#slot.isFree && this.#queue.length === 0;
  }

  /** Number of pending requests. */
  get pending(): number {
    return this.#sent.pending;
  }

  /** Origin of the response with this id, ended or not; the latest for servers that send no ids. */
  originOf(responseId: string | undefined): ResponseOrigin | undefined {
    return this.#running.originOf(responseId, this.#slot.slot.busy);
  }

  /** Requests a response; an out-of-band request is sent immediately, any other as soon as the slot is free. */
  request(config: ResponseConfig, options: RequestOptions = {}): ResponseRecord {
    const { signal, timeoutMs = this.#host.ackTimeoutMs, purpose = "asked", toolRound = 0 } = options;
    const record = this.#makeRecord(false, config.conversation !== "none", config, toolRound);
    const state = { isCancelled: false, refusedAt: undefined, cancelTimer: () => {} };
    if (signal?.aborted) record.end(CANCELLED);
    else this.#enqueue({ record, config, purpose, timeoutMs, eventId: this.#host.makeId("event"), ...state });
    record.cancelOn(signal);
    return record;
  }

  /** Requests a response that reads the items just added to the conversation: a queued one, or a new one. */
  requestFollowUp(config: ResponseConfig, toolRound: number): ResponseRecord {
    return this.#queue.find(readsConversation)?.record ?? this.request(config, { purpose: "followUp", toolRound });
  }

  /** Records an interruption: earlier requests of the session itself are void. */
  interrupt(): void {
    for (const { record } of this.#queue.filter(isOwn)) void this.cancel(record);
    for (const request of this.#sent.all.filter(isOwn)) request.isCancelled = true;
  }

  /** Cancels a response in any state; resolves when it has ended. */
  cancel(record: ResponseRecord, { signal, timeoutMs }: CommandOptions = {}): Promise<void> {
    const { clock } = this.#host;
    return withTimeout(() => this.#cancel(record), { what: "cancel a response", signal, timeoutMs, clock });
  }

  /** Records that a turn of the user became an item, or that the application has requested a response by itself. */
  turnCommitted(isAnswered: unknown = this.#line.answersTurns ?? this.#slot.slot.asked): void {
    if (isAnswered) this.#slot.change({ type: "turnCommitted", deadline: this.#turnDeadline() });
  }

  /** Records that a request was sent, perhaps by the application itself, whose response is then waited for. */
  requestSent(): void {
    if (this.#slot.isFree && this.pending === 0) this.turnCommitted(true);
  }

  /** Processes one server event. */
  receive(event: WireEvent): void {
    switch (event.type) {
      case "response.created":
        return this.#created(event);
      case "response.done":
        return this.#done(event);
      case "input_audio_buffer.speech_started":
        if (this.#line.answersTurns) this.#slot.change({ type: "speechStarted" });
        return;
      case "input_audio_buffer.speech_stopped":
        return this.#slot.change({ type: "speechStopped", deadline: this.#turnDeadline() });
      case "session.updated":
        // A server whose turn detection was turned off does not report the end of this turn.
        if (this.#line.answersTurns !== false) return;
        // falls through
      case "input_audio_buffer.cleared":
        return this.#slot.change({ type: "speechStopped", deadline: 0 });
    }
    if (event.type.startsWith("response.")) this.#findOrBegin(event)?.receive(event);
  }

  /** Settles the request that an error rejects, if there is one. */
  refuse(eventId: string | undefined, error: RealtimeApiError): void {
    const request = this.#sent.all.find((request) =>
      eventId === undefined ? isAwaited(request) : request.eventId === eventId
    );
    if (!request) return;
    this.#sent.delete(request);
    const { record } = request;
    const isTaken = error.code === "conversation_already_has_active_response" && isAwaited(request);
    const now = this.#host.clock.now();
    request.refusedAt ??= now;
    // Stops waiting for a server that rejects requests repeatedly without creating a response.
    if (isTaken && now - request.refusedAt <= request.timeoutMs) {
      this.#queue.unshift(request);
      this.#slot.change({ type: "wasTaken", response: record, deadline: this.#turnDeadline() });
    } else {
      record.fail(error.code, error.message, request.isCancelled);
      this.#slot.change({ type: "ended", response: record });
    }
  }

  /** Sends the requests that waited for the line to open. */
  open(): void {
    for (const request of this.#queue.splice(0)) this.#enqueue(request);
  }

  /** Ends every response, as the connection has ended; returns the origins of those that had begun. */
  close(cause: ConnectionError): readonly ResponseOrigin[] {
    const requests = [...this.#queue.splice(0), ...this.#sent.clear()];
    const running = this.#running.clear();
    this.#slot.close();
    for (const record of [...requests.map(({ record }) => record), ...running]) record.end({ status: "lost", cause });
    this.#host.notifyIdle();
    return running.map(({ origin }) => origin);
  }

  #makeRecord(startedByServer: boolean, inConversation: boolean, config: ResponseConfig = {}, toolRound = 0) {
    const isTaken = inConversation && this.#host.isAudioTaken;
    return new ResponseRecord({ startedByServer, inConversation, config, toolRound }, this, isTaken);
  }

  #turnDeadline(): number {
    return this.#host.clock.now() + Math.min(TURN_ANSWER_MS, this.#host.ackTimeoutMs);
  }

  #enqueue(request: ResponseRequest): void {
    if (!request.record.inConversation && this.#line.isOpen) return this.#send(request);
    this.#queue.push(request);
    this.#fill();
  }

  #fill(): void {
    const request = this.#slot.isFree && this.#line.isOpen ? this.#queue.shift() : undefined;
    if (!request) return;
    this.#slot.change({ type: "asked", response: request.record });
    this.#send(request);
  }

  #send(request: ResponseRequest): void {
    const { config, eventId, record, timeoutMs } = request;
    this.#sent.add(request);
    try {
      this.#line.sendRequest(toCorrelatedEvent(config, eventId));
    } catch (error) {
      this.#sent.delete(request);
      record.end(toUnsent(error));
      return this.#slot.change({ type: "ended", response: record });
    }
    if (readsConversation(request)) this.#supersede();
    request.cancelTimer = this.#host.clock.schedule(() => this.#giveUp(request), timeoutMs);
  }

  /** Counts a response that reads the whole conversation: queued follow-ups are then unnecessary. */
  #supersede(): void {
    this.count++;
    for (const { record } of this.#queue.filter(({ purpose }) => purpose === "followUp")) void this.cancel(record);
  }

  #giveUp(request: ResponseRequest): void {
    const { isCancelled, record, timeoutMs } = request;
    record.fail("ack_timeout", `The server did not create the response within ${timeoutMs} ms`, isCancelled);
    // If it is created after all, its caller is gone.
    request.isCancelled = true;
    this.#slot.change({ type: "ended", response: record });
  }

  #created(event: WireEvent): void {
    const id = stringAt(event.response, "id");
    if (id === undefined || !this.#find(event, id) && !this.#running.hasEnded(id)) this.#begin(event, id);
  }

  #find(event: WireEvent, id: string | undefined): ResponseRecord | undefined {
    return this.#running.find(id, isInConversation(event), this.#slot.slot.busy);
  }

  /** The response that an event refers to; it begins with this event if the server omitted `response.created`. */
  #findOrBegin(event: WireEvent): ResponseRecord | undefined {
    const id = asString(event.response_id);
    const record = this.#find(event, id);
    if (record || id === undefined || this.#running.hasEnded(id)) return record;
    // An event that opens no item may belong to a response that was forgotten long ago.
    return event.type === "response.output_item.added" || this.#isExpected(event) ? this.#begin(event, id) : undefined;
  }

  /** Whether a response may begin with this event: one was requested, or the server answers the user. */
  #isExpected(event: WireEvent): boolean {
    return awaitsServer(this.#slot.slot) || this.#sent.matching(event, expectsAnswer(this.#slot.slot)) !== undefined;
  }

  #begin(event: WireEvent, id: string | undefined): ResponseRecord {
    const request = this.#sent.matching(event, expectsAnswer(this.#slot.slot));
    if (request) this.#sent.delete(request);
    const record = request?.record ?? this.#makeRecord(true, isInConversation(event));
    if (record.inConversation) {
      const previous = this.#slot.slot.busy;
      if (!request) this.#supersede();
      // The server makes one at a time, so it did not report the end of the previous one.
      if (previous) {
        this.#running.delete(previous);
        previous.end(UNSEEN);
        this.#host.endUnseen(previous.origin);
      }
    }
    record.begin(id);
    this.#running.add(record);
    if (record.inConversation) {
      this.#slot.change({ type: "began", response: record, startedByServer: record.startedByServer });
    }
    this.#host.begun.publish(record);
    // Its caller waits for the same cancel, or is gone.
    if (request?.isCancelled) this.#stop(record).catch(() => {});
    return record;
  }

  #done(event: WireEvent): void {
    const id = stringAt(event.response, "id");
    const isLate = id !== undefined && this.#running.hasEnded(id);
    const record = this.#find(event, id) ?? (!isLate && this.#isExpected(event) ? this.#begin(event, id) : undefined);
    if (record) this.#finish(record, toOutcome(stripCorrelationId(event)));
  }

  #finish(record: ResponseRecord, outcome: ResponseOutcome): void {
    this.#running.delete(record);
    record.end(outcome);
    if (record.inConversation) this.#slot.change({ type: "ended", response: record });
  }

  async #cancel(record: ResponseRecord): Promise<void> {
    const index = this.#queue.findIndex((request) => request.record === record);
    if (index >= 0) {
      this.#queue.splice(index, 1);
      record.end(CANCELLED);
      return this.#host.notifyIdle();
    }
    const request = this.#sent.all.find((request) => request.record === record);
    if (request) {
      request.isCancelled = true;
      await record.begun;
    }
    if (this.#running.has(record)) await this.#stop(record);
  }

  /** Cancels a response that the server has created, once for all callers; resolves when it has ended. */
  #stop(record: ResponseRecord): Promise<void> {
    return record.stopping ??= this.#line.cancelResponse(record.id).catch((error) => {
      // The response ends with the connection, of which events may still be unread.
      if (error instanceof ConnectionError) return record.done;
      if (!record.isEnded) throw error;
    }).then(() => {
      // The server no longer knows it, or has not answered any of the callers.
      if (this.#running.has(record)) this.#finish(record, CANCELLED);
    }).finally(() => record.stopping = undefined);
  }
}
