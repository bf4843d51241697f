// This module is browser compatible.
import { serverError } from "../../_errors/server_error.ts";
import type { McpApprovalResponseItemParam, McpCallItem } from "../../../protocol/mod.ts";
import type { PlannedMcpCall } from "../../model/planned_output.ts";
import { announceItem } from "../conversation/announce_item.ts";
import { type Conversation, ConversationEntry } from "../conversation/conversation.ts";
import type { Stage } from "../stage.ts";
import { Timers } from "../timers.ts";

/** A call that the model has made. */
export interface McpCall {
  /** The item of the call. */
  readonly entry: ConversationEntry;
  /** The item as the model generated it. */
  readonly item: McpCallItem;
  /** Position of the item in its response. */
  readonly outputIndex: number;
  /** Its planned result. */
  readonly plan: PlannedMcpCall;
  /** Announces that the item is final. */
  readonly finish: () => void;
}

/** Dependencies of {@linkcode McpCalls}. */
export interface McpCallsOptions extends Stage {
  /** The conversation, which requests for approval are added to. */
  readonly conversation: Conversation;
}

/**
 * The calls of MCP servers' tools, which run independently of the responses: as others have observed of the API, a
 * response does not wait for the results of its calls, and no result starts a response.
 */
export class McpCalls {
  readonly #options: McpCallsOptions;
  readonly #timers: Timers;
  readonly #waiting = new Map<string, McpCall>();

  constructor(options: McpCallsOptions) {
    this.#options = options;
    this.#timers = new Timers(options.clock);
  }

  /** Makes a call. */
  make(call: McpCall): void {
    this.#run(call, null);
  }

  /** Asks the client whether a call may be made. */
  askFor(call: McpCall): void {
    const { conversation, ids, outbox } = this.#options;
    const { arguments: json, name, server_label } = call.item;
    const id = ids("mcpr");
    const request = new ConversationEntry({ id, type: "mcp_approval_request", server_label, name, arguments: json });
    this.#waiting.set(id, call);
    conversation.insert(request);
    announceItem(outbox, request.item, conversation.previousIdOf(id));
  }

  /** @throws {ServerError} when the client answers a request that was never made. */
  assertAsked({ approval_request_id }: McpApprovalResponseItemParam): void {
    if (this.#waiting.has(approval_request_id) || this.#options.conversation.find(approval_request_id)) return;
    throw serverError("approval_unknown", { id: approval_request_id });
  }

  /** The client has answered: an answer to a request that no call waits for changes nothing. */
  answer({ approval_request_id, approve, reason }: McpApprovalResponseItemParam): void {
    const call = this.#waiting.get(approval_request_id);
    if (!call) return;
    this.#waiting.delete(approval_request_id);
    if (approve) {
      this.#run(call, approval_request_id);
    } else {
      const error = { type: "tool_execution_error", message: reason ?? "The call was not approved." } as const;
      this.#end(call, { approval_request_id, error });
    }
  }

  /** Stops everything without sending an event. */
  stop(): void {
    this.#timers.stop();
  }

  #run(call: McpCall, approval_request_id: string | null): void {
    const { entry, outputIndex, plan } = call;
    const { durationMs = 0, error, output = "" } = plan;
    this.#options.outbox.emit({
      type: "response.mcp_call.in_progress",
      item_id: entry.id,
      output_index: outputIndex,
    });
    this.#timers.after(durationMs, () => this.#end(call, { approval_request_id, ...error ? { error } : { output } }));
  }

  #end(call: McpCall, result: Partial<McpCallItem>): void {
    const { entry, finish, item, outputIndex } = call;
    entry.item = { ...item, ...result };
    this.#options.outbox.emit({
      type: result.error ? "response.mcp_call.failed" : "response.mcp_call.completed",
      item_id: entry.id,
      output_index: outputIndex,
    });
    finish();
  }
}
