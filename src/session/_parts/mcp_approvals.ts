// This module is browser compatible.
import { LazySet } from "../../_internal/lazy_collections.ts";
import { show } from "../../_internal/text/show.ts";
import { at, isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { McpApprovalRequestItem } from "../../protocol/mod.ts";
import { addBounded } from "../../_internal/add_bounded.ts";
import type { OnMcpApproval } from "../tool_hooks.ts";

/** Number of requests remembered; the application is asked again about an older one whose item arrives again. */
const MAX_ASKED = 256;

/** Asks the application about each call of a hosted tool that waits for approval, and sends its answer. */
export class McpApprovals {
  readonly #ask: OnMcpApproval;
  readonly #answer: (requestId: string, approve: boolean) => Promise<unknown>;
  readonly #onError: (error: unknown) => void;
  readonly #asked = new LazySet<string>();
  #closing: AbortController | undefined;

  constructor(
    ask: OnMcpApproval,
    answer: (requestId: string, approve: boolean) => Promise<unknown>,
    onError: (error: unknown) => void,
  ) {
    this.#ask = ask;
    this.#answer = answer;
    this.#onError = onError;
  }

  /** Processes the end of an item, or of a response with its items. */
  receive({ item, response }: WireEvent): void {
    const output = at(response, "output");
    for (const done of Array.isArray(output) ? output : [item]) this.#receiveItem(done);
  }

  /** Aborts all questions: the session has ended. */
  close(reason: Error): void {
    (this.#closing ??= new AbortController()).abort(reason);
  }

  #receiveItem(item: unknown): void {
    const id = stringAt(item, "id");
    if (!isRecord(item) || item.type !== "mcp_approval_request" || !id || this.#asked.has(id)) return;
    addBounded(this.#asked, id, MAX_ASKED);
    void this.#decide(id, item as unknown as McpApprovalRequestItem);
  }

  async #decide(id: string, item: McpApprovalRequestItem): Promise<void> {
    const { signal } = this.#closing ??= new AbortController();
    // The end of the session also ends the question.
    const report = (error: unknown) => signal.aborted || this.#onError(error);
    let decision: unknown;
    try {
      decision = await this.#ask(item, { signal });
      // `undefined` means no; any other non-boolean value is a mistake.
      if (typeof (decision ?? false) !== "boolean") {
        throw new TypeError(
          `Cannot approve the call of a hosted tool as onMcpApproval must return true or false: current value is ${
            show(decision)
          }`,
        );
      }
    } catch (error) {
      report(error);
    }
    // Only `true` is an approval.
    if (!signal.aborted) await this.#answer(id, decision === true).catch(report);
  }
}
