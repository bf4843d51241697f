// This module is browser compatible.
import { addBounded } from "../../_internal/add_bounded.ts";
import { evictOldest } from "../../_internal/evict_oldest.ts";
import { parseJson } from "../../_internal/text/parse_json.ts";
import { LazyMap, LazySet } from "../../_internal/lazy_collections.ts";
import { RealtimeApiError } from "../../errors.ts";
import type { RealtimeTool, ToolFollowUp, ToolSession } from "../../tools/mod.ts";
import { asString, at, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { deliverItem } from "../_recovery/deliver_item.ts";
import type { ResponseHandle } from "../response_handle.ts";
import type { ResponseOrigin, SessionHost } from "../session_part.ts";
import { type Call, type CallGroup, emptyGroup } from "./call_group.ts";
import {
  backgroundResult,
  type CallResult,
  CUT_CALL,
  INTERRUPTED,
  runTool,
  type ToolRunOptions,
  unknownTool,
} from "../../_tools/run_tool.ts";
import { inheritedConfig } from "../../_tools/inherited_config.ts";
import type { ToolCallDetails } from "../session_events.ts";

/** Number of calls remembered by the ids of their responses. */
const MAX_STRANGERS = 1024;

/** Options for running tools. */
export interface ToolCallsOptions extends Pick<ToolRunOptions<ToolCallDetails>, "approve" | "dispatch"> {
  /** The current tool of this name, if there is one. */
  find(name: string): RealtimeTool | undefined;
  /** Whether the application or another party executes the functions of this name that a response calls. */
  isLeftAlone(name: string, origin: ResponseOrigin): boolean;
  /** Default for tools without a `followUp` of their own. */
  followUp: ToolFollowUp;
  /** Maximum number of consecutive follow-ups. */
  maxRounds: number;
}

/**
 * Runs the tools that the model calls, concurrently and off the event pump, and sends their outputs. When all calls of
 * a response are answered and the response has ended, one follow-up is requested, unless another response reads the
 * outputs anyway. Calls of an out-of-band response are left to its requester: the conversation has no place for their
 * outputs.
 */
export class ToolCalls {
  readonly #host: SessionHost;
  readonly #options: ToolCallsOptions;
  readonly #groups = new WeakMap<ResponseOrigin, CallGroup>();
  readonly #calls = new LazySet<Call>();
  /** Responses of calls that have begun, by item: the ends of some are missed. */
  readonly #begun = new LazyMap<string | undefined, string | undefined>();
  /** What callers wait for: whether a group has a follow-up. */
  readonly #awaited = new LazyMap<CallGroup, PromiseWithResolvers<ResponseHandle | undefined>>();
  #closing: AbortController | undefined;
  readonly #unknown: ResponseOrigin = { startedByServer: true, inConversation: true, config: {}, toolRound: 0 };

  constructor(host: SessionHost, options: ToolCallsOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** Whether a call is running, or waits for approval. */
  get isRunning(): boolean {
    return this.#calls.size > 0;
  }

  /** Whether a call other than `except` is running after which the model will speak. */
  leadsToSpeech(except?: object): boolean {
    const speaks = (call: Call) => call !== except && call.leadsToSpeech && call.group.leftToOthersAt !== Infinity;
    return [...this.#calls].some(speaks);
  }

  /** Resolves with the follow-up of a response that has not ended yet, once it is known whether there is one. */
  followUpOf(origin: ResponseOrigin): Promise<ResponseHandle | undefined> {
    const group = this.#groupOf(origin);
    const decision = this.#awaited.get(group) ?? Promise.withResolvers();
    this.#awaited.set(group, decision);
    return decision.promise;
  }

  /** Starts a call whose arguments are complete. */
  endArguments(event: WireEvent): void {
    // Truncated arguments also arrive in this event; the item, which follows, tells whether they were.
    if (parseJson(asString(event.arguments) ?? "") === undefined) return;
    this.#start(event, asString(event.item_id), asString(event.response_id), false);
  }

  /** Records a call that has begun. */
  beginItem({ item, response_id }: WireEvent): void {
    if (stringAt(item, "type") !== "function_call") return;
    this.#begun.set(stringAt(item, "id"), asString(response_id));
    evictOldest(this.#begun, MAX_STRANGERS);
  }

  /** Starts a call whose end was missed, as its connection had dropped. */
  endMissed({ item }: WireEvent): void {
    const responseId = this.#begun.get(stringAt(item, "id"));
    if (responseId === undefined || stringAt(item, "status") !== "completed") return;
    this.#startItem(item, responseId, false);
    // So may have been the end of the response.
    this.endUnseen(this.#unknown);
  }

  /** Starts the call in a complete item, if it is one. */
  endItem(event: WireEvent): void {
    this.#startItem(event.item, asString(event.response_id), false);
  }

  /** Processes the end of a response, with the calls that were not reported before. */
  endResponse(event: WireEvent): void {
    const responseId = stringAt(event.response, "id");
    const group = this.#groupOf(this.#host.responses.originOf(responseId));
    const isRepeated = group.status !== undefined && group.origin !== this.#unknown;
    group.status = stringAt(event.response, "status") ?? "completed";
    if (group.status === "cancelled" && !isRepeated) {
      const wasInterrupted = stringAt(event.response, "status_details", "reason") === "turn_detected";
      this.#leaveToOthers(group, wasInterrupted ? this.#host.responses.count : Infinity);
      for (const call of this.#calls) if (call.group === group) this.#abort(call);
    }
    const output = at(event.response, "output");
    for (const item of Array.isArray(output) ? output : []) {
      this.#startItem(item, responseId, group.status !== "completed");
    }
    this.#decide(group);
  }

  /** Records that a response has ended whose end the server does not report. */
  endUnseen(origin: ResponseOrigin): void {
    const group = this.#groupOf(origin);
    group.status = "incomplete";
    this.#decide(group);
  }

  /**
   * Records an interruption: another party requests the next response, unless `isFinal`, when none is to follow. Calls
   * that opted in are asked to stop.
   */
  interrupt(isFinal: boolean): void {
    for (const call of this.#calls) {
      this.#leaveToOthers(call.group, isFinal ? Infinity : this.#host.responses.count);
      this.#abort(call);
    }
    this.#host.notifyIdle();
  }

  /** Aborts running calls, as the session has ended; resolves when every call has been reported. */
  async close(reason: Error): Promise<void> {
    (this.#closing ??= new AbortController()).abort(reason);
    while (this.isRunning) await Promise.all(Array.from(this.#calls, ({ run }) => run));
  }

  #abort({ interruption, tool }: Call): void {
    if (tool?.onInterrupt === "abort") interruption.abort(INTERRUPTED);
  }

  #leaveToOthers(group: CallGroup, count: number): void {
    group.leftToOthersAt = Math.max(group.leftToOthersAt, count);
  }

  #groupOf(origin = this.#unknown): CallGroup {
    const group = this.#groups.get(origin) ?? emptyGroup(origin);
    this.#groups.set(origin, group);
    return group;
  }

  #startItem(item: unknown, responseId: string | undefined, isCut: boolean): void {
    if (stringAt(item, "type") !== "function_call") return;
    this.#start(item, stringAt(item, "id"), responseId, isCut || stringAt(item, "status") === "incomplete");
  }

  #start(source: unknown, itemId: string | undefined, responseId: string | undefined, isCut: boolean): void {
    const callId = stringAt(source, "call_id");
    const name = stringAt(source, "name");
    const group = this.#groupOf(this.#host.responses.originOf(responseId));
    // Some servers name the function only in the item, which follows.
    if (callId === undefined || name === undefined || !group.origin.inConversation) return;
    const strangers = this.#groupOf(this.#unknown).seen;
    // A response may become known after its call.
    const strangerId = `${responseId} ${callId}`;
    if (group.seen.has(callId) || strangers.has(strangerId)) return;
    const isStranger = group.origin === this.#unknown;
    // On another connection to a call, its responses are unknown.
    if (isStranger || responseId !== undefined) addBounded(strangers, strangerId, MAX_STRANGERS);
    if (!isStranger) group.seen.add(callId);
    const { dispatch, find, followUp, isLeftAlone } = this.#options;
    const tool = find(name);
    const details = { callId, itemId, responseId, name, arguments: stringAt(source, "arguments") ?? "" };
    const isUnknown = !tool && !dispatch;
    if (isUnknown && isLeftAlone(name, group.origin)) {
      // The party that answers it requests the next response.
      this.#leaveToOthers(group, this.#host.responses.count);
      return this.#host.emit({ type: "tool_call_unhandled", ...details, output: undefined });
    }
    const leadsToSpeech = (tool?.followUp ?? followUp) === "respond";
    const interruption = new AbortController();
    const call: Call = { details, group, tool, interruption, isCut, isUnknown, leadsToSpeech };
    this.#calls.add(call);
    group.unanswered++;
    call.run = this.#run(call).finally(() => {
      this.#calls.delete(call);
      this.#host.notifyIdle();
    });
  }

  async #run(call: Call): Promise<void> {
    const host = this.#host;
    const { clock, responses, session } = host;
    const { details, group, isCut, isUnknown, tool } = call;
    const background = isCut ? undefined : tool?.background;
    const startedAt = clock.now();
    // Lets the event pump continue before any tool code runs.
    await Promise.resolve();
    const running = isUnknown ? unknownTool(details.name) : isCut ? CUT_CALL : runTool(tool, details, {
      ...this.#options,
      clock,
      session: session as ToolSession,
      requestFiller: (config) => responses.isIdle ? responses.requestFiller(config) : undefined,
      onStart: () => host.emit({ type: "tool_call_started", ...details }),
      idle: () => host.idle(call),
      interruption: call.interruption.signal,
      closing: (this.#closing ??= new AbortController()).signal,
    });
    const refusal = background ? this.#answer(call, background) : undefined;
    const { failure, output } = await running;
    const durationMs = clock.now() - startedAt;
    let undelivered = await (refusal ?? this.#answer(call, output));
    if (background && !undelivered) {
      const content = [{ type: "input_text", text: backgroundResult(details, output) }];
      const sending = this.#deliver({ type: "message", role: "system", content });
      if (call.leadsToSpeech) this.#followUp(group);
      undelivered = await sending;
    }
    const failed = failure ?? undelivered;
    if (!failed) return host.emit({ type: "tool_call_done", ...details, output, durationMs });
    const report = { ...details, ...failed, output: undelivered ? undefined : output };
    if (isUnknown) host.emit({ type: "tool_call_unhandled", ...details, output: report.output });
    host.emit({ type: "tool_call_failed", ...report });
  }

  /** Sends an output; resolves with the error when that failed. */
  async #answer({ details, group, leadsToSpeech }: Call, output: string): Promise<CallResult["failure"]> {
    // Unchecked, as the call ids of some servers exceed OpenAI's limit, and still need an answer.
    const item = { type: "function_call_output", call_id: details.callId, output } as const;
    const failure = await this.#deliver(item, { check: false });
    group.unanswered--;
    group.answeredAt = this.#host.responses.count;
    // A model that cannot read the output would only call again.
    if (leadsToSpeech && !(failure?.error instanceof RealtimeApiError)) group.wantsFollowUp = true;
    this.#decide(group);
    return failure;
  }

  /** Sends an item; resolves with the error when that failed. */
  async #deliver(...item: Parameters<SessionHost["addItem"]>): Promise<CallResult["failure"]> {
    try {
      await deliverItem(this.#host, ...item);
    } catch (error) {
      return { error };
    }
  }

  /** Requests the follow-up of a response whose calls are answered, unless another response reads the outputs. */
  #decide(group: CallGroup): void {
    if (group.unanswered > 0 || group.status === undefined) return;
    const count = this.#host.responses.count;
    const { answeredAt, leftToOthersAt, wantsFollowUp } = group;
    group.wantsFollowUp = false;
    const isRead = count > answeredAt || count <= leftToOthersAt;
    const followUp = wantsFollowUp && !isRead ? this.#followUp(group) : undefined;
    this.#awaited.get(group)?.resolve(followUp);
    this.#awaited.delete(group);
  }

  #followUp({ origin }: CallGroup): ResponseHandle | undefined {
    const { maxRounds } = this.#options;
    if (origin.toolRound >= maxRounds) {
      return void this.#host.emit({ type: "tool_rounds_exceeded", toolRounds: maxRounds });
    }
    return this.#host.responses.requestFollowUp(inheritedConfig(origin.config), origin.toolRound + 1);
  }
}
