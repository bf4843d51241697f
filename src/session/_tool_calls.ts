// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import { withTimeout } from "../_internal/timeout.ts";
import type { ResponseConfig } from "../protocol/mod.ts";
import type { RealtimeTool, ToolFollowUp, ToolSession } from "../tools/mod.ts";
import { at, isRecord, stringAt, type WireEvent } from "../_internal/wire.ts";
import { remember } from "../_internal/recent_ids.ts";
import { isJson, messageOf, parseArguments, serialize } from "./_tool_text.ts";
import type { LocalEvent, ToolCallDetails } from "./session_events.ts";
import type { OnToolApproval, ToolDispatcher } from "./session_options.ts";

/** How many calls are remembered, so that none is carried out twice. */
const MAX_SEEN = 4096;

/** What the tool runner needs of its surroundings. */
export interface ToolCallsOptions {
  /** Tool of this name, if there is one now. */
  find(name: string): RealtimeTool | undefined;
  /** What is known of a response that is running. */
  response(responseId: string | undefined): RunningResponse | undefined;
  /** Sends a tool's output before it returns; rejects when the server refuses it or the connection has ended. */
  sendOutput(callId: string, output: string): Promise<unknown>;
  /** Sends the result of a tool whose call was answered before it was done. */
  sendResult(text: string): Promise<unknown>;
  /** Runs tools that `find` does not know. */
  dispatch: ToolDispatcher | undefined;
  /** Decides about calls that need approval. */
  approve: OnToolApproval | undefined;
  /** Whether the user's speech interrupts. */
  isInterruptedBySpeech(): boolean;
  /** Asks for a few words while a tool runs, if the model is silent. */
  requestFiller(config: ResponseConfig): void;
  /** Asks for the response that continues after tool outputs. */
  requestFollowUp(config: ResponseConfig): void;
  /** Takes back what was asked for by {@linkcode requestFollowUp} and still waits. */
  dropFollowUp(): void;
  /** Tells the application. */
  emit(event: LocalEvent): void;
  /** Whether tools that do not say otherwise are followed by a response. */
  followUp: ToolFollowUp;
  /** The session, as tools see it. */
  session: ToolSession;
  /** Source of time. */
  clock: Clock;
}

/** What the tool runner needs to know of a response. */
export interface RunningResponse {
  /** Whether it is part of the conversation. */
  readonly inConversation: boolean;
  /** What it was asked to do, and its follow-up is, but for what it was made of. */
  readonly config: ResponseConfig;
}

/** The calls of one response; they share one follow-up. */
interface CallGroup {
  readonly config: ResponseConfig;
  running: number;
  /** Status of the response once it is done. */
  status: string | undefined;
  wantsFollowUp: boolean;
}

/** A call that runs. */
interface Running {
  readonly responseId: string | undefined;
  readonly isInterruptible: boolean;
  readonly controller: AbortController;
}

/** What came of a call: what the model is told, and what went wrong, if anything did. */
interface CallResult {
  readonly output: string;
  readonly failure?: { readonly error: unknown };
}

/**
 * Runs the tools that the model calls, all at once and off the event pump, and sends their outputs. When the last call of
 * a response has its output and the response is done, one follow-up is asked for. Calls of a response outside the
 * conversation are left to whoever asked for it: the conversation has no place for their outputs.
 */
export class ToolCalls {
  readonly #options: ToolCallsOptions;
  readonly #groups = new Map<string, CallGroup>();
  readonly #seen = new Set<string>();
  readonly #runs = new Set<Promise<void>>();
  readonly #calls = new Set<Running>();

  constructor(options: ToolCallsOptions) {
    this.#options = options;
  }

  /** Whether a call runs, or waits for approval. */
  get isRunning(): boolean {
    return this.#calls.size > 0;
  }

  /** Resolves when no call runs, and what follows them has been asked for. */
  async settle(): Promise<void> {
    // Meanwhile others may have begun.
    while (this.#runs.size > 0) await Promise.all(this.#runs);
  }

  /** Takes in one server event. */
  receive(event: WireEvent): void {
    const responseId = stringAt(event, "response_id");
    switch (event.type) {
      case "response.function_call_arguments.done":
        // Arguments that were cut short come like this, too; the item, which follows, says whether they were.
        if (isJson(stringAt(event, "arguments") ?? "")) this.#start(event, stringAt(event, "item_id"), responseId);
        return;
      case "response.output_item.done":
        return this.#startItem(event.item, responseId);
      case "response.done":
        return this.#responseDone(event);
      case "input_audio_buffer.speech_started":
        if (this.#options.isInterruptedBySpeech()) this.interrupt();
    }
  }

  /** Aborts what runs, as the session has ended; resolves when the application has been told of every call. */
  async close(reason: Error): Promise<void> {
    for (const { controller } of this.#calls) controller.abort(reason);
    await this.settle();
  }

  /** Aborts the calls that may be interrupted, and takes back what was to follow others: the next turn is the user's. */
  interrupt(): void {
    this.#abort(() => true);
    this.#options.dropFollowUp();
  }

  #abort(concerns: (call: Running) => boolean): void {
    for (const call of this.#calls) if (call.isInterruptible && concerns(call)) call.controller.abort(interrupted());
  }

  #responseDone(event: WireEvent): void {
    const responseId = stringAt(event, "response", "id");
    const status = stringAt(event, "response", "status") ?? "completed";
    const output = at(event, "response", "output");
    if (status === "cancelled") this.#abort((call) => call.responseId === responseId);
    for (const item of Array.isArray(output) ? output : []) this.#startItem(item, responseId, status !== "completed");
    // Some servers do not say which response a call belongs to.
    for (const key of new Set([responseId ?? "", ""])) {
      const group = this.#groups.get(key);
      if (!group) continue;
      group.status = status;
      this.#settle(key, group);
    }
  }

  #startItem(item: unknown, responseId: string | undefined, isCut = false): void {
    if (!isRecord(item) || item.type !== "function_call") return;
    this.#start(item, stringAt(item, "id"), responseId, isCut || item.status === "incomplete");
  }

  #start(source: object, itemId: string | undefined, responseId: string | undefined, isCut = false): void {
    const callId = stringAt(source, "call_id");
    const name = stringAt(source, "name");
    // Some servers name the function in the item only, which follows.
    if (callId === undefined || name === undefined || this.#seen.has(callId)) return;
    if (this.#options.response(responseId)?.inConversation === false) return;
    remember(this.#seen, callId, MAX_SEEN);
    const details = { callId, itemId, responseId, name, arguments: stringAt(source, "arguments") ?? "" };
    const run = this.#run(details, isCut).finally(() => this.#runs.delete(run));
    this.#runs.add(run);
  }

  async #run(details: ToolCallDetails, isCut: boolean): Promise<void> {
    const { clock, emit, find, followUp, response, sendOutput, sendResult, requestFollowUp } = this.#options;
    const tool = find(details.name);
    const key = details.responseId ?? "";
    const config = response(details.responseId)?.config ?? {};
    const group = this.#groups.get(key) ?? { config, running: 0, status: undefined, wantsFollowUp: false };
    this.#groups.set(key, group);
    group.running++;
    const background = isCut ? undefined : tool?.background;
    const isInterruptible = (tool?.interruptible ?? true) && !background;
    const call = { responseId: details.responseId, isInterruptible, controller: new AbortController() };
    this.#calls.add(call);
    const startedAt = clock.now();
    // Lets the pump go on before any tool code runs.
    await Promise.resolve();
    const calling = this.#call(tool, details, call, isCut).finally(() => this.#calls.delete(call));
    const { output } = background ? { output: background } : await calling;
    const toolMs = clock.now() - startedAt;
    const isFollowedUp = (tool?.followUp ?? followUp) === "respond";
    // After an interruption the next turn is the user's.
    if (isFollowedUp && !isInterruption(call.controller.signal)) group.wantsFollowUp = true;
    const sending = sendOutput(details.callId, output);
    // Looked at when the tool is done, which may be long after the refusal.
    sending.catch(() => {});
    // The follow-up goes right behind the output: the server takes them in order.
    group.running--;
    this.#settle(key, group);
    const { failure, ...result } = await calling;
    const durationMs = background ? clock.now() - startedAt : toolMs;
    try {
      await sending;
      if (background) {
        const sendingResult = sendResult(`Result of ${details.name}, call ${details.callId}: ${result.output}`);
        if (isFollowedUp) requestFollowUp(config);
        await sendingResult;
      }
    } catch (error) {
      return emit({ type: "tool_call_failed", ...details, error: failure ? failure.error : error, output: undefined });
    }
    if (failure) emit({ type: "tool_call_failed", ...details, error: failure.error, ...result });
    else emit({ type: "tool_call_done", ...details, ...result, durationMs });
  }

  /** Calls the tool. Whatever goes wrong becomes an output, so that no call stays unanswered. */
  async #call(
    tool: RealtimeTool | undefined,
    details: ToolCallDetails,
    { controller }: Running,
    isCut: boolean,
  ): Promise<CallResult> {
    const { clock, dispatch, emit, requestFiller, session } = this.#options;
    const { callId, name } = details;
    const { filler } = tool ?? {};
    let cancelFiller = () => {};
    try {
      if (isCut) throw interrupted();
      if (!tool && !dispatch) throw new TypeError(`There is no tool named ${name}`);
      const args = tool && parseArguments(details.arguments);
      if (tool) await this.#awaitApproval(tool, args, details, controller.signal);
      emit({ type: "tool_call_started", ...details });
      if (filler) {
        const config = { instructions: filler.instructions, tool_choice: "none" } as const;
        cancelFiller = clock.schedule(() => requestFiller(config), filler.afterMs);
      }
      const run = async (signal: AbortSignal) => {
        const context = { signal, callId, session };
        return await (tool ? tool.call(args, context) : dispatch?.(details, context));
      };
      const { signal } = controller;
      return {
        output: serialize(
          await withTimeout(run, { what: `run tool ${name}`, signal, timeoutMs: tool?.timeoutMs, clock }),
        ),
      };
    } catch (error) {
      return { output: JSON.stringify({ error: messageOf(error) }), failure: { error } };
    } finally {
      cancelFiller();
    }
  }

  async #awaitApproval(tool: RealtimeTool, args: unknown, call: ToolCallDetails, signal: AbortSignal): Promise<void> {
    const { approve, clock } = this.#options;
    const decide = async () => !await tool.needsApproval?.(args) || Boolean(await approve?.(call, { signal }));
    const isApproved = await withTimeout(decide, { what: "await approval", signal, timeoutMs: undefined, clock });
    if (!isApproved) throw new DOMException(`The call of ${call.name} was not approved`, "NotAllowedError");
  }

  #settle(key: string, group: CallGroup): void {
    if (group.running > 0 || group.status === undefined) return;
    this.#groups.delete(key);
    // After a cancelled response the next turn is the user's.
    if (group.wantsFollowUp && group.status !== "cancelled") this.#options.requestFollowUp(group.config);
  }
}

function interrupted(): DOMException {
  return new DOMException("The call was interrupted before it was complete", "AbortError");
}

function isInterruption({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof DOMException && reason.name === "AbortError";
}
