// This module is browser compatible.
import type { McpCallItem } from "../../../protocol/mod.ts";
import type { PlannedMcpCall } from "../../model/planned_output.ts";
import { CallArguments } from "../output/call_arguments.ts";
import type { ConversationEntry } from "../conversation/conversation.ts";
import type { McpCall } from "./mcp_calls.ts";
import type { OutputTrack, TrackHost } from "../output/output_track.ts";
import type { TokenCount } from "../usage.ts";

/** A call of a tool of an MCP server: ends with its arguments, the answer comes later. */
export class McpCallTrack implements OutputTrack {
  readonly speaks = false;
  readonly isHeard = false;
  readonly overlapsNext = false;
  readonly #host: TrackHost;
  readonly #outputIndex: number;
  readonly #itemId: string;
  readonly #plan: PlannedMcpCall;
  readonly #make: (call: McpCall) => void;
  readonly #arguments: CallArguments;
  #entry: ConversationEntry | undefined;

  /** @param make makes the call. */
  constructor(
    host: TrackHost,
    outputIndex: number,
    itemId: string,
    plan: PlannedMcpCall,
    make: (call: McpCall) => void,
  ) {
    this.#host = host;
    this.#outputIndex = outputIndex;
    this.#itemId = itemId;
    this.#plan = plan;
    this.#make = make;
    this.#arguments = new CallArguments(host, plan);
  }

  get tokens(): TokenCount {
    return this.#arguments.tokens;
  }

  open(): void {
    this.#entry = this.#host.begin(this.#outputIndex, this.#item);
  }

  stream(): Generator<number, boolean> {
    return this.#arguments.stream(this, (delta) => {
      this.#host.emit({ type: "response.mcp_call_arguments.delta", ...this.#place, delta });
    });
  }

  close(status: "completed" | "incomplete"): void {
    const entry = this.#entry;
    if (!entry) return;
    const item = this.#item;
    entry.item = item;
    this.#host.emit({ type: "response.mcp_call_arguments.done", ...this.#place, arguments: item.arguments });
    const finish = () => this.#host.finish(this.#outputIndex, entry);
    if (status === "completed") this.#make({ entry, item, outputIndex: this.#outputIndex, plan: this.#plan, finish });
    else finish();
  }

  get #item(): McpCallItem {
    return {
      id: this.#itemId,
      type: "mcp_call",
      server_label: this.#plan.server_label,
      name: this.#plan.name,
      arguments: this.#arguments.json,
      output: null,
      error: null,
      approval_request_id: null,
    };
  }

  get #place(): { response_id: string; item_id: string; output_index: number } {
    return { response_id: this.#host.responseId, item_id: this.#itemId, output_index: this.#outputIndex };
  }
}
