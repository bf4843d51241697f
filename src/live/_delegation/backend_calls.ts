// This module is browser compatible.
import { randomId } from "../../_internal/ids.ts";
import { stringAt, type WireEvent } from "../../_internal/wire.ts";
import { addBounded } from "../../_internal/add_bounded.ts";
import { evictOldest } from "../../_internal/evict_oldest.ts";
import type { CallResult } from "../../_tools/run_tool.ts";
import type { LiveBackendItem, LiveOutgoingEvent } from "../../protocol/mod.ts";
import { InputBudget, itemBytes, outputItem } from "./input_budget.ts";
import { clientEventId, toLiveError } from "../_core/to_live_error.ts";
import type { LiveLocalEvent } from "../live_events.ts";
import type { LiveToolCall } from "../live_tool_call.ts";

/** Number of calls remembered, so that none is executed twice. */
const MAX_SEEN = 1_024;

/** Number of times the backend is asked again to continue, after rejected outputs have been replaced by short ones. */
const MAX_RECOVERIES = 2;

/** Replaces an output that exceeds the server's limit. */
const TOO_LONG = "Too long";

/** Dependencies of the calls. */
export interface BackendCallsOptions {
  /** Executes a call; never rejects. */
  readonly run: (call: LiveToolCall, signal: AbortSignal) => Promise<CallResult>;
  /** Whether another client executes a function. */
  readonly isLeftAlone: (name: string) => boolean;
  /** Sends an event. */
  readonly send: (event: LiveOutgoingEvent) => void;
  /** Publishes an event to the application; an error in it is reported with its context unless someone receives it. */
  readonly emit: (event: LiveLocalEvent, context?: string, error?: unknown) => void;
}

/** The calls of one response of the backend: they get their outputs, then one `response.create`. */
interface Batch {
  readonly controller: AbortController;
  readonly outputs: Map<string, string | undefined>;
  /** Whether another client executes the other calls of the response. */
  isShared: boolean;
  /** Whether it is sent again, as it may not have arrived. */
  isRepeated: boolean;
  recoveries: number;
}

/** An output of a call, or a request to continue. */
interface Sent {
  /** The batch; `undefined` for the request to answer messages. */
  readonly batch: Batch | undefined;
  readonly callId?: string;
}

/** Executes the functions that the backend of a responses delegation calls. */
export class BackendCalls {
  readonly #budget = new InputBudget();
  readonly #options: BackendCallsOptions;
  readonly #seen = new Set<string>();
  readonly #batches = new Set<Batch>();
  /** Outputs and requests that were sent, by the name of their event. */
  readonly #sent = new Map<string, Sent>();
  #current: Batch | undefined;
  /** Reports a call as failed, for each call that runs. */
  readonly #running = new Set<(error: unknown) => void>();
  /** The last batch that was sent, until the backend continues. */
  #unanswered: Batch | undefined;
  /** Whether the request for the answer to a message was refused, as calls were open, and no response has begun since. */
  #isOwed = false;

  constructor(options: BackendCallsOptions) {
    this.#options = options;
  }

  /** Whether an item of the user fits into the budget, half of which belongs to the outputs of running calls. */
  fits(item: LiveBackendItem): boolean {
    return this.#budget.fits(item, this.#batches.size > 0 ? 0.5 : 1);
  }

  /** Records that an item of the user was sent, and requests its answer. */
  take(item: LiveBackendItem): void {
    this.#budget.take(item);
    this.#request();
  }

  /** Whether a response that calls functions is under way, or the backend has not continued after their outputs. */
  get isOpen(): boolean {
    return (this.#current ?? this.#unanswered) !== undefined;
  }

  /** Sends the outputs that the backend may be waiting for, as events of either side seem to be lost. */
  resume(): void {
    if (this.#current) return this.#complete();
    const batch = this.#unanswered;
    if (!batch) return;
    batch.isRepeated = true;
    this.#batches.add(batch);
    this.#answer(batch);
  }

  /** Processes `response.event`. */
  receive({ delegation_id, event }: WireEvent): void {
    const nested = event as WireEvent;
    this.#unanswered = undefined;
    switch (stringAt(nested, "type")) {
      case "response.output_item.done":
        return this.#start(nested.item, typeof delegation_id === "string" ? delegation_id : undefined);
      case "response.completed":
        return this.#complete();
      // The next response: the end of the previous one is missing.
      case "response.created":
        this.#isOwed = false;
        // fallthrough
      case "response.failed":
      case "response.incomplete":
      case "response.cancelled":
      case "error":
        this.#drop();
    }
  }

  /** Processes an `error`; returns whether it concerns one of our outputs or requests. */
  refused(event: WireEvent): boolean {
    const name = clientEventId(event);
    const sent = name === undefined ? undefined : this.#sent.get(name);
    if (!sent) return false;
    const { batch, callId } = sent;
    this.#sent.delete(name!);
    const code = stringAt(event.error, "code");
    const isFull = code === "response_input_buffer_full";
    const isMissing = code === "function_call_outputs_required";
    // Calls are open: the request that follows their outputs, ours or another client's, includes the messages.
    if (!batch) return this.#isOwed = isMissing;
    if (callId !== undefined && isFull && batch.outputs.get(callId) !== TOO_LONG) {
      batch.outputs.set(callId, TOO_LONG);
      this.#sendOutput(batch, callId, Infinity);
    } else if (callId === undefined && isMissing && batch.recoveries++ < MAX_RECOVERIES) {
      this.#sendRequest(batch);
    } else if (isMissing ? !batch.isShared : isFull || !batch.isRepeated) {
      // Another error about a repeated one means that it had arrived. Outputs of another client are missing until it
      // sends them, with a request of its own.
      const error = toLiveError(event);
      this.#options.emit({ type: "tool_output_refused", callId, error }, "tool output", error);
    }
    return true;
  }

  /** Aborts running calls, as the session has ended, and reports them at once: no event follows `closed`. */
  end(reason: Error): void {
    for (const { controller } of this.#batches) controller.abort(reason);
    this.#batches.clear();
    for (const fail of this.#running) fail(reason);
    this.#running.clear();
  }

  #start(item: unknown, delegationId: string | undefined): void {
    const callId = stringAt(item, "call_id");
    const name = stringAt(item, "name");
    const isCall = stringAt(item, "type") === "function_call" &&
      (stringAt(item, "status") ?? "completed") === "completed";
    if (!isCall || !callId || name === undefined || this.#seen.has(callId)) return;
    addBounded(this.#seen, callId, MAX_SEEN);
    const call: LiveToolCall = { callId, name, arguments: stringAt(item, "arguments") ?? "", delegationId };
    const batch = this.#current ??= this.#newBatch();
    if (this.#options.isLeftAlone(name)) {
      batch.isShared = true;
      return this.#options.emit({ type: "tool_call_unhandled", call });
    }
    void this.#run(batch, call);
  }

  #newBatch(): Batch {
    const batch = {
      controller: new AbortController(),
      outputs: new Map(),
      isShared: false,
      isRepeated: false,
      recoveries: 0,
    };
    this.#batches.add(batch);
    return batch;
  }

  async #run(batch: Batch, call: LiveToolCall): Promise<void> {
    const { emit, run } = this.#options;
    batch.outputs.set(call.callId, undefined);
    const fail = (error: unknown) => emit({ type: "tool_call_failed", call, error }, `tool ${call.name}`, error);
    this.#running.add(fail);
    emit({ type: "tool_call_started", call });
    const { failure, output } = await run(call, batch.controller.signal);
    if (!this.#running.delete(fail)) return;
    if (failure) fail(failure.error);
    else emit({ type: "tool_call_done", call, output });
    batch.outputs.set(call.callId, output);
    this.#answer(batch);
  }

  /** Completes the batch, as all calls of the response are known. */
  #complete(): void {
    const batch = this.#current;
    this.#current = undefined;
    if (batch) this.#answer(batch);
  }

  /** The response failed: the server waits for nothing. */
  #drop(): void {
    const batch = this.#current;
    this.#current = undefined;
    if (batch) {
      this.#batches.delete(batch);
      batch.controller.abort(new DOMException("The response that called the tool has failed", "AbortError"));
    }
    this.#request();
  }

  /** Requests the answer to the user's items, unless the request after the running calls does. */
  #request(): void {
    if (this.#batches.size === 0 && (this.#isOwed || !this.#budget.isEmpty)) this.#sendRequest();
  }

  #answer(batch: Batch): void {
    const { outputs } = batch;
    if (!this.#batches.has(batch) || batch === this.#current || [...outputs.values()].includes(undefined)) return;
    this.#batches.delete(batch);
    this.#unanswered = batch;
    if (outputs.size === 0) return this.#request();
    const entries = [...outputs] as [string, string][];
    const wanted = entries.map(([callId, output]) => itemBytes(outputItem(callId, output, Infinity).item));
    const allotted = this.#budget.allot(wanted);
    for (const [index, [callId]] of entries.entries()) this.#sendOutput(batch, callId, allotted[index]!);
    this.#sendRequest(batch);
  }

  #sendOutput(batch: Batch, callId: string, maxBytes: number): void {
    const { item, isShortened } = outputItem(callId, batch.outputs.get(callId) ?? "", maxBytes);
    const characters = batch.outputs.get(callId)?.length ?? 0;
    if (isShortened) this.#options.emit({ type: "tool_output_shortened", callId, characters });
    this.#post({ type: "response.item.create", item }, { batch, callId });
    this.#budget.take(item);
  }

  #sendRequest(batch?: Batch): void {
    this.#post({ type: "response.create" }, { batch });
    this.#isOwed = false;
    this.#budget.reset();
  }

  /** Sends an event; errors about it are processed here. */
  #post(event: LiveOutgoingEvent, sent: Sent): void {
    const name = randomId("ev");
    this.#sent.set(name, sent);
    evictOldest(this.#sent, MAX_SEEN);
    this.#options.send({ ...event, event_id: name });
  }
}

/** An input item with the user's own words. */
export function userItem(text: string): LiveBackendItem {
  return { type: "message", role: "user", content: [{ type: "input_text", text }] };
}
