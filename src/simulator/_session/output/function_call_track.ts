// This module is browser compatible.
import type { FunctionCallItem } from "../../../protocol/mod.ts";
import type { PlannedFunctionCall } from "../../model/planned_output.ts";
import { CallArguments } from "./call_arguments.ts";
import type { ConversationEntry } from "../conversation/conversation.ts";
import type { OutputTrack, TrackHost } from "./output_track.ts";
import type { TokenCount } from "../usage.ts";

/** A call of one of the client's functions. */
export class FunctionCallTrack implements OutputTrack {
  readonly speaks = false;
  readonly isHeard = false;
  readonly overlapsNext = false;
  readonly #host: TrackHost;
  readonly #outputIndex: number;
  readonly #plan: PlannedFunctionCall;
  readonly #itemId: string;
  readonly #callId: string;
  readonly #arguments: CallArguments;
  #entry: ConversationEntry | undefined;

  constructor(host: TrackHost, outputIndex: number, itemId: string, callId: string, plan: PlannedFunctionCall) {
    this.#host = host;
    this.#outputIndex = outputIndex;
    this.#plan = plan;
    this.#itemId = itemId;
    this.#callId = callId;
    this.#arguments = new CallArguments(host, plan);
  }

  get tokens(): TokenCount {
    return this.#arguments.tokens;
  }

  open(): void {
    this.#entry = this.#host.begin(this.#outputIndex, this.#itemAs("in_progress"));
  }

  stream(): Generator<number, boolean> {
    return this.#arguments.stream(this, (delta) => {
      this.#host.emit({ type: "response.function_call_arguments.delta", ...this.#place, delta });
    });
  }

  close(status: "completed" | "incomplete"): void {
    const entry = this.#entry;
    if (!entry) return;
    this.#host.emit({
      type: "response.function_call_arguments.done",
      ...this.#place,
      name: this.#plan.name,
      arguments: this.#arguments.json,
    });
    entry.item = this.#itemAs(status);
    this.#host.finish(this.#outputIndex, entry);
  }

  #itemAs(status: "in_progress" | "completed" | "incomplete"): FunctionCallItem {
    return {
      id: this.#itemId,
      type: "function_call",
      status,
      name: this.#plan.name,
      call_id: this.#callId,
      arguments: this.#arguments.json,
    };
  }

  get #place(): { response_id: string; item_id: string; output_index: number; call_id: string } {
    return {
      response_id: this.#host.responseId,
      item_id: this.#itemId,
      output_index: this.#outputIndex,
      call_id: this.#callId,
    };
  }
}
