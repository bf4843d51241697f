import { addBounded } from "../../_internal/add_bounded.ts";
import type { Clock } from "../../_internal/clock.ts";
import { at, isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { FunctionTool } from "../../protocol/mod.ts";
import type { RealtimeTool } from "../../tools/mod.ts";
import type { RelayRefusal } from "../relay_filter.ts";
import { functionNames } from "./page_functions.ts";
import { type ServerEvent, ServerItems } from "./server_items.ts";
import { ServerResponses } from "./server_responses.ts";
import { ToolRunner, type ToolRunnerOptions } from "./tool_runner.ts";

/** Number of calls remembered. */
const MAX_IDS = 4096;

/** Events of a page that are a turn of the user or of the page. */
const TURNS: ReadonlySet<string> = new Set([
  "conversation.item.create",
  "input_audio_buffer.commit",
  "response.create",
]);

/** Options of {@linkcode RelayTools}. */
export interface RelayToolsOptions {
  /** The tools. */
  readonly tools: readonly RealtimeTool[];
  /** Names of the functions that the page executes. */
  readonly pageFunctions: readonly string[];
  /** Maximum number of consecutive responses requested for the outputs of tools. */
  readonly toolRounds: number;
  /** Decides about calls that need approval. */
  readonly approve: ToolRunnerOptions["approve"];
  /** Sends an event of the server to the API. */
  readonly send: (event: ServerEvent) => void;
  /** Ends the relay. */
  readonly close: () => void;
  /** Reports failures. */
  readonly onError: (error: unknown) => void;
  /** Source of time. */
  readonly clock: Clock;
}

/** Runs tools for the sessions of pages, invisibly to them, and protects the items of the server. */
export class RelayTools {
  readonly #options: RelayToolsOptions;
  readonly #tools: ReadonlyMap<string, RealtimeTool>;
  readonly #ending = new AbortController();
  readonly #items: ServerItems;
  readonly #responses: ServerResponses;
  readonly #pageFunctions: Set<string>;
  /** Ids of calls that do not belong to the page. */
  readonly #calls = new Set<string>();
  readonly #runner: ToolRunner;

  constructor(options: RelayToolsOptions) {
    const { clock, pageFunctions, send, tools } = options;
    this.#options = options;
    this.#tools = new Map(tools.map((tool) => [tool.definition.name, tool]));
    this.#pageFunctions = new Set(pageFunctions);
    this.#items = new ServerItems({ send, clock, signal: this.#ending.signal });
    this.#responses = new ServerResponses({ send, clock });
    this.#runner = new ToolRunner({
      ...options,
      tools: this.#tools,
      items: this.#items,
      responses: this.#responses,
      signal: this.#ending.signal,
    });
  }

  /** The descriptions of the tools for the model. */
  get definitions(): readonly FunctionTool[] {
    return this.#options.tools.map(({ definition }) => definition);
  }

  /** Aborts running calls. */
  close(): void {
    this.#ending.abort(new DOMException("The relay has ended", "AbortError"));
    this.#responses.close();
  }

  /** The reason why an event of the page is rejected; `undefined` when it is allowed. */
  refuses(event: WireEvent): RelayRefusal | undefined {
    const names = [["item_id"], ["item", "id"], ["previous_item_id"]] as const;
    const hidden = names.find((path) => this.#items.forbids(stringAt(event, ...path)));
    if (hidden) return noSuchItem(hidden.join("."));
    const input = at(event, "response", "input");
    const items = Array.isArray(input) ? input : [];
    if (items.some((item) => this.#items.forbids(stringAt(item, "id")))) return noSuchItem("response.input");
    const isAnswer = (item: unknown) => this.#calls.has(stringAt(item, "call_id") ?? "");
    const param = isAnswer(event.item) ? "item.call_id" : items.some(isAnswer) ? "response.input" : undefined;
    return param && { refused: "A page may not answer calls of the server's tools", param };
  }

  /** Records that an event of the host is sent. */
  injected(event: { readonly type: string; readonly item?: unknown }): void {
    this.#items.protect(event.item);
  }

  /** Records that an event of the page is forwarded. */
  sent(event: WireEvent): void {
    if (this.#tools.size === 0) return;
    if (TURNS.has(event.type)) this.#runner.turn();
    if (event.type === "response.create") this.#responses.asked(event);
    const isOutside = this.#responses.isOutside(stringAt(event, "response_id") ?? "");
    if (event.type === "response.cancel" && !isOutside) this.#runner.interrupt();
    this.#learnFunctions(at(event, "session", "tools"));
    this.#learnFunctions(at(event, "response", "tools"));
  }

  /**
   * The page's view of an event of the API: the same event, one without our calls, or `undefined`. Runs the called
   * tools.
   */
  see(event: WireEvent): WireEvent | undefined {
    this.#items.protect(event.item);
    if (this.#tools.size === 0) return event;
    this.#items.take(event);
    switch (event.type) {
      case "session.created":
      case "session.updated":
        this.#learnFunctions(at(event, "session", "tools"));
        // Without turn detection, the API does not report the end of this turn.
        if (at(event, "session", "audio", "input", "turn_detection") === null) this.#responses.userLeft();
        return event;
      case "input_audio_buffer.speech_started":
        this.#responses.userSpeaks();
        return event;
      case "input_audio_buffer.speech_stopped":
        this.#responses.userStopped();
        return event;
      case "input_audio_buffer.cleared":
        this.#responses.userLeft();
        return event;
      case "input_audio_buffer.committed":
        this.#runner.turn();
        this.#responses.userStopped();
        return event;
      case "response.created":
        this.#responses.created(event);
        return event;
      case "response.done":
        return this.#responseDone(event);
      case "error": {
        const isOwn = this.#responses.failed(event);
        this.#runner.notify();
        return isOwn ? undefined : event;
      }
    }
    if (isRecord(event.item) && this.#isOurs(event.item, event.type.startsWith("response."))) {
      if (event.type === "response.output_item.done") {
        this.#runner.start(event.item, stringAt(event, "response_id") ?? "");
      }
      return undefined;
    }
    return this.#items.hides(stringAt(event, "item_id")) ? undefined : event;
  }

  #learnFunctions(tools: unknown): void {
    for (const name of functionNames(tools)) addBounded(this.#pageFunctions, name, MAX_IDS);
  }

  /** Calls of functions that the page does not have are also ours: it could not answer them. */
  #isOurs(item: Record<string, unknown>, isOutput: boolean): boolean {
    const { id, name, type } = item;
    const callId = stringAt(item, "call_id") ?? "";
    const isCall = type === "function_call" && typeof name === "string" && name !== "" &&
      (this.#tools.has(name) || isOutput && !this.#pageFunctions.has(name));
    if (!isCall && !(type === "function_call_output" && this.#calls.has(callId))) {
      return this.#items.hides(stringAt(item, "id"));
    }
    if (typeof id === "string") this.#items.hide(id);
    if (isCall && callId !== "") addBounded(this.#calls, callId, MAX_IDS);
    return true;
  }

  #responseDone(event: WireEvent): WireEvent {
    const responseId = stringAt(event, "response", "id") ?? "";
    const status = stringAt(event, "response", "status") ?? "completed";
    const output = at(event, "response", "output");
    const items = Array.isArray(output) ? output : [];
    const ours = items.filter((item) => isRecord(item) && this.#isOurs(item, true));
    // Servers that omit the ends of items report the calls here.
    for (const item of ours) this.#runner.start(item, responseId, status !== "completed");
    this.#runner.responseDone(responseId, status);
    this.#responses.done(responseId);
    this.#runner.notify();
    if (ours.length === 0) return event;
    const shown = items.filter((item) => !ours.includes(item));
    return { ...event, response: { ...event.response as object, output: shown } };
  }
}

function noSuchItem(param: string): RelayRefusal {
  return { refused: "There is no such item", param };
}
