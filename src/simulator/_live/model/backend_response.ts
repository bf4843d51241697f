// This module is browser compatible.
import type { LiveNestedEvent } from "../../../protocol/mod.ts";
import type { LivePlannedCall } from "../../live/live_scenario.ts";
import type { Stage } from "./stage.ts";

/** Token usage of a simulated backend response. */
const USAGE = {
  input_tokens: 120,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 140,
};

/** The stream of one response of the backend, in the order and the shapes of the Responses API. */
export class BackendResponse {
  readonly #id: string;
  readonly #model: string;
  readonly #ids: Stage["ids"];
  readonly #send: (event: LiveNestedEvent) => void;
  #sequence = 0;
  #index = 0;

  constructor(id: string, model: string, { ids }: Stage, send: (event: LiveNestedEvent) => void) {
    this.#id = id;
    this.#model = model;
    this.#ids = ids;
    this.#send = send;
  }

  /** Announces the response. */
  begin(): void {
    this.#emit("response.created", { response: this.#snapshot("in_progress") });
    this.#emit("response.in_progress", { response: this.#snapshot("in_progress") });
  }

  /** Calls a function, with three events. Returns the id of the call. */
  call({ name, arguments: args }: LivePlannedCall): string {
    const callId = this.#ids("call");
    const place = { output_index: this.#index++ };
    const item = { id: this.#ids("fc"), type: "function_call", call_id: callId, name };
    this.#emit("response.output_item.added", { ...place, item: { ...item, arguments: "", status: "in_progress" } });
    const ofItem = { ...place, item_id: item.id };
    this.#emit("response.function_call_arguments.delta", { ...ofItem, delta: args });
    this.#emit("response.function_call_arguments.done", { ...ofItem, arguments: args });
    this.#emit("response.output_item.done", { ...place, item: { ...item, arguments: args, status: "completed" } });
    return callId;
  }

  /** Writes a message. */
  write(text: string): void {
    const place = { output_index: this.#index++ };
    const item = { id: this.#ids("msg"), type: "message", role: "assistant" };
    const ofPart = { ...place, item_id: item.id, content_index: 0 };
    const part = { type: "output_text", text, annotations: [] };
    this.#emit("response.output_item.added", { ...place, item: { ...item, content: [], status: "in_progress" } });
    this.#emit("response.content_part.added", { ...ofPart, part: { ...part, text: "" } });
    this.#emit("response.output_text.delta", { ...ofPart, delta: text });
    this.#emit("response.output_text.done", { ...ofPart, text });
    this.#emit("response.content_part.done", { ...ofPart, part });
    this.#emit("response.output_item.done", { ...place, item: { ...item, content: [part], status: "completed" } });
  }

  /** Ends the response; its `output` is always empty. */
  complete(): void {
    this.#emit("response.completed", { response: { ...this.#snapshot("completed"), usage: USAGE } });
  }

  /** Ends the response with an error. */
  fail(): void {
    const error = { code: "server_error", message: "The backend failed." };
    this.#emit("response.failed", { response: { ...this.#snapshot("failed"), error } });
  }

  #snapshot(status: string): Record<string, unknown> {
    const fields = { output: [], tools: [], instructions: null, model: this.#model };
    return { id: this.#id, object: "response", status, ...fields };
  }

  #emit(type: string, fields: Record<string, unknown>): void {
    this.#send({ type, sequence_number: this.#sequence++, ...fields });
  }
}
