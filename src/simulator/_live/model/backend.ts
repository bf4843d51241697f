// This module is browser compatible.
import { stringAt } from "../../../_internal/wire.ts";
import {
  type LiveBackendItem,
  type LiveFunctionCallOutput,
  MAX_LIVE_PENDING_BYTES,
  MAX_LIVE_PENDING_ITEMS,
} from "../../../protocol/mod.ts";
import { ServerError } from "../../_errors/server_error.ts";
import { BackendResponse } from "./backend_response.ts";
import type { LivePlannedDelegation } from "../../live/live_scenario.ts";
import type { Stage } from "./stage.ts";

/** Delay between the answer of the backend and the model's speech, in milliseconds. */
const SPEAK_AFTER_MS = 600;

/** Longest part of an output or a message that the model repeats, in characters: a longer one would take minutes. */
const MAX_SAID = 300;

interface Task {
  readonly delegationId: string | null;
  readonly plan: LivePlannedDelegation;
  readonly firstResponseId: string;
  round: number;
}

/** The backend of a responses delegation: one task at a time, and the items that wait for its next response. */
export class Backend {
  readonly #stage: Stage;
  readonly #onFree: () => void;
  readonly #waiting: Task[] = [];
  readonly #openCalls = new Set<string>();
  #task: Task | undefined;
  #items: LiveBackendItem[] = [];
  #bytes = 0;
  #outputs: string[] = [];

  constructor(stage: Stage, onFree: () => void) {
    this.#stage = stage;
    this.#onFree = onFree;
  }

  /** Whether calls wait for their outputs: speech of the user is then not answered. */
  get isBusy(): boolean {
    return this.#task !== undefined;
  }

  /** Starts a task once the previous ones are done. */
  take(delegationId: string | null, plan: LivePlannedDelegation, firstResponseId: string): void {
    this.#waiting.push({ delegationId, plan, firstResponseId, round: 0 });
    this.#next();
  }

  /** @throws {ServerError} when the budget is exceeded: the item is then not accepted. */
  createItem(item: LiveBackendItem): void {
    const bytes = new TextEncoder().encode(JSON.stringify(item)).length;
    if (this.#items.length >= MAX_LIVE_PENDING_ITEMS || this.#bytes + bytes > MAX_LIVE_PENDING_BYTES) {
      throw new ServerError(
        `The input buffer holds at most ${MAX_LIVE_PENDING_ITEMS} items and ${MAX_LIVE_PENDING_BYTES} bytes.`,
        { code: "response_input_buffer_full", param: "item" },
      );
    }
    if (item.type === "function_call_output" && !this.#openCalls.has((item as LiveFunctionCallOutput).call_id)) {
      throw new ServerError(`No tool call found for function call output with call_id ${item.call_id}.`, {
        code: null,
        param: "item",
      });
    }
    this.#items.push(item);
    this.#bytes += bytes;
  }

  /** @throws {ServerError} when a call lacks its output, or there is nothing to answer. */
  createResponse(): void {
    const outputs = this.#items.filter(isOutput);
    const answered = new Set(outputs.map(({ call_id }) => call_id));
    if ([...this.#openCalls].some((id) => !answered.has(id))) {
      throw new ServerError("Every function call needs its output before the response can continue.", {
        code: "function_call_outputs_required",
      });
    }
    if (this.#items.length === 0) {
      throw new ServerError("Responses handoff incomplete", { code: "invalid_request_error" });
    }
    const items = this.#items;
    this.#items = [];
    this.#bytes = 0;
    this.#openCalls.clear();
    this.#outputs.push(...outputs.map(({ output }) => typeof output === "string" ? output : JSON.stringify(output)));
    if (this.#task) this.#run(this.#task);
    else this.take(null, this.#planOf(items), this.#stage.ids("resp"));
  }

  /** A typed turn uses the next one of the scenario. */
  #planOf(items: readonly LiveBackendItem[]): LivePlannedDelegation {
    const turn = this.#stage.nextTurn();
    return turn?.delegates ??
      { audio: turn?.audio, result: turn?.says ?? brief(`You wrote: ${items.map(textOf).join(" ").trim()}`) };
  }

  #next(): void {
    if (this.#task) return;
    this.#task = this.#waiting.shift();
    if (this.#task) this.#run(this.#task);
    else this.#onFree();
  }

  #run(task: Task): void {
    const { calls = [], failsAt, result } = task.plan;
    const { ids, session, voice } = this.#stage;
    const id = task.round === 0 ? task.firstResponseId : ids("resp");
    const response = new BackendResponse(id, String(session.delegation?.responses?.model), this.#stage, (event) => {
      this.#stage.emit({ type: "response.event", event, delegation_id: task.delegationId });
    });
    const round = calls[task.round];
    const isFailing = failsAt === task.round++;
    response.begin();
    const callIds = (round ?? []).map((call) => response.call(call));
    if (isFailing) {
      response.fail();
    } else if (round) {
      for (const callId of callIds) this.#openCalls.add(callId);
      response.complete();
      return;
    } else {
      const text = result ?? brief(`The result is ${this.#outputs.join(" and ") || "nothing"}`);
      response.write(text);
      response.complete();
      voice.say(text, this.#stage.nowMs + SPEAK_AFTER_MS, task.plan.audio);
    }
    this.#outputs = [];
    this.#task = undefined;
    this.#next();
  }
}

/** The part of a text that can be spoken. */
function brief(text: string): string {
  return text.length <= MAX_SAID ? text : `${text.slice(0, MAX_SAID).replace(/[\ud800-\udbff]$/, "")}…`;
}

function isOutput(item: LiveBackendItem): item is LiveFunctionCallOutput {
  return item.type === "function_call_output";
}

function textOf({ content }: LiveBackendItem & { readonly content?: unknown }): string {
  if (typeof content === "string") return content;
  const parts: unknown[] = Array.isArray(content) ? content : [];
  return parts.map((part) => stringAt(part, "text") ?? "").join(" ");
}
