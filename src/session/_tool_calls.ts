// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import { withTimeout } from "../_internal/timeout.ts";
import type { ResponseConfig } from "../protocol/mod.ts";
import type { RealtimeTool, ToolFollowUp, ToolSession } from "../tools/mod.ts";
import { at, isRecord, stringAt, type WireEvent } from "../_internal/wire.ts";
import { remember } from "./_recent_ids.ts";
import type { LocalEvent, ToolCallDetails } from "./session_events.ts";

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
  /** Asks for the response that continues after tool outputs. */
  requestFollowUp(config: ResponseConfig): void;
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
  /** What its follow-up inherits. */
  readonly manner: ResponseConfig;
}

/** The calls of one response; they share one follow-up. */
interface CallGroup {
  readonly manner: ResponseConfig;
  running: number;
  /** Status of the response once it is done. */
  status: string | undefined;
  wantsFollowUp: boolean;
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
  readonly #closing = new AbortController();

  constructor(options: ToolCallsOptions) {
    this.#options = options;
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
    }
  }

  /** Aborts what runs, as the session has ended; resolves when the application has been told of every call. */
  async close(reason: Error): Promise<void> {
    this.#closing.abort(reason);
    await Promise.allSettled(this.#runs);
  }

  #responseDone(event: WireEvent): void {
    const responseId = stringAt(event, "response", "id");
    const status = stringAt(event, "response", "status") ?? "completed";
    const output = at(event, "response", "output");
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
    const { clock, emit, find, followUp, response, sendOutput } = this.#options;
    const tool = find(details.name);
    const key = details.responseId ?? "";
    const manner = response(details.responseId)?.manner ?? {};
    const group = this.#groups.get(key) ?? { manner, running: 0, status: undefined, wantsFollowUp: false };
    this.#groups.set(key, group);
    group.running++;
    if ((tool?.followUp ?? followUp) === "respond") group.wantsFollowUp = true;
    const startedAt = clock.now();
    // Lets the pump go on before any tool code runs.
    await Promise.resolve();
    const { output, failure } = await this.#call(tool, details, isCut);
    const durationMs = clock.now() - startedAt;
    const sent = sendOutput(details.callId, output);
    // The follow-up goes right behind the output: the server takes them in order.
    group.running--;
    this.#settle(key, group);
    try {
      await sent;
    } catch (error) {
      return emit({ type: "tool_call_failed", ...details, error: failure ? failure.error : error, output: undefined });
    }
    if (failure) emit({ type: "tool_call_failed", ...details, error: failure.error, output });
    else emit({ type: "tool_call_done", ...details, output, durationMs });
  }

  /** Calls the tool. Whatever goes wrong becomes an output, so that no call stays unanswered. */
  async #call(tool: RealtimeTool | undefined, details: ToolCallDetails, isCut: boolean): Promise<CallResult> {
    const { clock, emit, session } = this.#options;
    const { callId, name } = details;
    try {
      if (isCut) {
        throw new DOMException("The call was interrupted before it was complete and was not carried out", "AbortError");
      }
      if (!tool) throw new TypeError(`There is no tool named ${name}`);
      const args = parseArguments(details.arguments);
      emit({ type: "tool_call_started", ...details });
      const result = await withTimeout((signal) => tool.call(args, { signal, callId, session }), {
        what: `run tool ${name}`,
        signal: this.#closing.signal,
        timeoutMs: tool.timeoutMs,
        clock,
      });
      return { output: serialize(result) };
    } catch (error) {
      return { output: JSON.stringify({ error: messageOf(error) }), failure: { error } };
    }
  }

  #settle(key: string, group: CallGroup): void {
    if (group.running > 0 || group.status === undefined) return;
    this.#groups.delete(key);
    // After a cancelled response the next turn is the user's.
    if (group.wantsFollowUp && group.status !== "cancelled") this.#options.requestFollowUp(group.manner);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function parseArguments(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`The arguments are not JSON: ${text.slice(0, 200)}`, { cause });
  }
}

function serialize(result: unknown): string {
  if (typeof result === "string") return result;
  const text = JSON.stringify(result ?? null);
  if (text === undefined) throw new TypeError(`The result cannot be written as JSON: it is a ${typeof result}`);
  return text;
}

/** What an error says; whatever was thrown. */
function messageOf(error: unknown): string {
  return stringAt(error, "message") ?? (isRecord(error) ? "The tool failed without saying why" : String(error));
}
