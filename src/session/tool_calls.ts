// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import { withTimeout } from "../_internal/timeout.ts";
import type { RealtimeTool, ToolFollowUp, ToolSession } from "../tools/mod.ts";
import { at, isRecord, stringAt, type WireEvent } from "../_internal/wire.ts";
import type { LocalEvent, ToolCallDetails } from "./session_events.ts";

/** What the tool runner needs of its surroundings. */
export interface ToolCallsOptions {
  /** Tool of this name, if there is one now. */
  find(name: string): RealtimeTool | undefined;
  /** Sends a tool's output; rejects when the server refuses it or the connection has ended. */
  sendOutput(callId: string, output: string): Promise<unknown>;
  /** Asks for the response that continues after tool outputs. */
  requestFollowUp(): void;
  /** Tells the application. */
  emit(event: LocalEvent): void;
  /** Whether tools that do not say otherwise are followed by a response. */
  followUp: ToolFollowUp;
  /** The session, as tools see it. */
  session: ToolSession;
  /** Source of time. */
  clock: Clock;
}

/** The calls of one response; they share one follow-up. */
interface CallGroup {
  running: number;
  /** Status of the response once it is done. */
  status: string | undefined;
  wantsFollowUp: boolean;
}

/**
 * Runs the tools that the model calls, all at once and off the event pump, and sends their outputs. When the last call of
 * a response has its output and the response is done, one follow-up is asked for.
 */
export class ToolCalls {
  readonly #options: ToolCallsOptions;
  readonly #groups = new Map<string, CallGroup>();
  readonly #seen = new Set<string>();
  readonly #closing = new AbortController();

  constructor(options: ToolCallsOptions) {
    this.#options = options;
  }

  /** Takes in one server event. */
  receive(event: WireEvent): void {
    const responseId = stringAt(event, "response_id");
    if (event.type === "response.function_call_arguments.done") this.#start(event, responseId);
    if (event.type === "response.output_item.done") this.#startItem(event.item, responseId);
    if (event.type === "response.done") this.#responseDone(event);
  }

  /** Aborts what runs: the session has ended. */
  close(reason: Error): void {
    this.#closing.abort(reason);
    this.#groups.clear();
  }

  #startItem(item: unknown, responseId: string | undefined): void {
    if (stringAt(item, "type") !== "function_call" || stringAt(item, "status") === "incomplete") return;
    this.#start({ ...item as object, item_id: stringAt(item, "id") }, responseId);
  }

  #start(source: object, responseId: string | undefined): void {
    const callId = stringAt(source, "call_id");
    const name = stringAt(source, "name");
    // Some servers name the function in the item only, which follows.
    if (callId === undefined || name === undefined || this.#isKnown(callId)) return;
    const itemId = stringAt(source, "item_id");
    const details = { callId, itemId, responseId, name, arguments: stringAt(source, "arguments") ?? "" };
    const group = this.#group(responseId);
    group.running++;
    this.#run(details, group).finally(() => {
      group.running--;
      this.#settle(responseId, group);
    });
  }

  async #run(details: ToolCallDetails, group: CallGroup): Promise<void> {
    const { clock, emit, find, followUp } = this.#options;
    const tool = find(details.name);
    if ((tool?.followUp ?? followUp) === "respond") group.wantsFollowUp = true;
    const startedAt = clock.now();
    // Lets the pump go on before any tool code runs.
    await Promise.resolve();
    let output: string;
    try {
      if (!tool) throw new TypeError(`There is no tool named ${details.name}`);
      const args = parseArguments(details.arguments);
      emit({ type: "tool_call_started", ...details });
      output = serialize(await this.#call(tool, args, details));
    } catch (error) {
      return await this.#fail(details, error);
    }
    try {
      await this.#options.sendOutput(details.callId, output);
      emit({ type: "tool_call_done", ...details, output, durationMs: clock.now() - startedAt });
    } catch (error) {
      emit({ type: "tool_call_failed", ...details, error, output: undefined });
    }
  }

  #call(tool: RealtimeTool, args: unknown, { callId, name }: ToolCallDetails): Promise<unknown> {
    const { clock, session } = this.#options;
    return withTimeout((signal) => tool.call(args, { signal, callId, session }), {
      what: `run tool ${name}`,
      signal: this.#closing.signal,
      timeoutMs: tool.timeoutMs,
      clock,
    });
  }

  /** Tells the model that the call failed, so that no call stays unanswered. */
  async #fail(details: ToolCallDetails, error: unknown): Promise<void> {
    const output = JSON.stringify({ error: error instanceof Error ? error.message : String(error) });
    const sent = await this.#options.sendOutput(details.callId, output).then(() => output, () => undefined);
    this.#options.emit({ type: "tool_call_failed", ...details, error, output: sent });
  }

  #responseDone(event: WireEvent): void {
    const responseId = stringAt(event, "response", "id");
    const status = stringAt(event, "response", "status") ?? "completed";
    const output = at(event, "response", "output");
    for (const item of Array.isArray(output) ? output : []) {
      if (!isRecord(item) || item.type !== "function_call") continue;
      if (item.status === "incomplete" || status !== "completed") this.#answerInterrupted(item, responseId);
      else this.#startItem(item, responseId);
    }
    const group = this.#groups.get(responseId ?? "");
    if (!group) return;
    group.status = status;
    this.#settle(responseId, group);
  }

  /** A call that was cut short never ran; the model still gets an output that says so. */
  #answerInterrupted(item: Record<string, unknown>, responseId: string | undefined): void {
    const callId = stringAt(item, "call_id");
    if (callId === undefined || this.#isKnown(callId)) return;
    const details = {
      callId,
      itemId: stringAt(item, "id"),
      responseId,
      name: stringAt(item, "name") ?? "",
      arguments: stringAt(item, "arguments") ?? "",
    };
    const error = new DOMException("The call was interrupted before it was complete; it was not carried out", "AbortError");
    void this.#fail(details, error);
  }

  #settle(responseId: string | undefined, group: CallGroup): void {
    if (group.running > 0 || group.status === undefined) return;
    this.#groups.delete(responseId ?? "");
    if (this.#closing.signal.aborted) return;
    // After a cancelled response the next turn is the user's.
    if (group.wantsFollowUp && group.status !== "cancelled") this.#options.requestFollowUp();
  }

  #group(responseId: string | undefined): CallGroup {
    let group = this.#groups.get(responseId ?? "");
    if (!group) this.#groups.set(responseId ?? "", group = { running: 0, status: undefined, wantsFollowUp: false });
    return group;
  }

  /** Whether a call was seen before; from now on it is. */
  #isKnown(callId: string): boolean {
    if (this.#seen.has(callId)) return true;
    this.#seen.add(callId);
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
