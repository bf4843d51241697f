import type { Clock } from "../../_internal/clock.ts";
import { randomId } from "../../_internal/ids.ts";
import { addBounded } from "../../_internal/add_bounded.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import { at, isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { FunctionTool } from "../../protocol/mod.ts";
import type { RealtimeTool, ToolContext } from "../../tools/mod.ts";
import type { RelayRefusal } from "../relay_filter.ts";

/** How many items and calls are remembered. */
const MAX_IDS = 4096;

/** How often in a row the model may call tools before the user has a turn. */
const MAX_ROUNDS = 16;

/** What the model is told of a tool that failed: why is between the tool and the server. */
const FAILED = JSON.stringify({ error: "The tool failed" });
const NOT_APPROVED = JSON.stringify({ error: "This was not approved" });

/** Events with which a turn of the user begins. */
const TURNS: ReadonlySet<string> = new Set(["conversation.item.create", "input_audio_buffer.committed"]);

/** What a {@linkcode RelayTools} is made of. */
export interface RelayToolsOptions {
  /** The tools. */
  readonly tools: readonly RealtimeTool[];
  /** Sends an event of the server's own to the API. */
  readonly send: (event: WireEvent & { readonly event_id: string }) => void;
  /** Ends the relay. */
  readonly close: () => void;
  /** Is told what failed. */
  readonly onError: (error: unknown) => void;
  /** Source of time. */
  readonly clock: Clock;
}

/** The calls of one response, which share a follow-up. */
interface Round {
  running: number;
  status: string | undefined;
  wantsFollowUp: boolean;
}

/** Runs tools for the sessions of pages, which see nothing of it. */
export class RelayTools {
  readonly #options: RelayToolsOptions;
  readonly #tools: ReadonlyMap<string, RealtimeTool>;
  readonly #items = new Set<string>();
  readonly #calls = new Set<string>();
  readonly #rounds = new Map<string, Round>();
  readonly #ending = new AbortController();
  readonly #followUps = new Set<string>();
  readonly #active = new Set<string>();
  #owesFollowUp = false;
  #roundsInRow = 0;

  constructor(options: RelayToolsOptions) {
    this.#options = options;
    this.#tools = new Map(options.tools.map((tool) => [tool.definition.name, tool]));
  }

  /** How the tools are described to the model. */
  get definitions(): readonly FunctionTool[] {
    return this.#options.tools.map(({ definition }) => definition);
  }

  /** Aborts what runs. */
  close(): void {
    this.#ending.abort(new DOMException("The relay has ended", "AbortError"));
  }

  /** Why an event of the page must not go on; `undefined` when it may. */
  refuses(event: WireEvent): RelayRefusal | undefined {
    if (this.#tools.size === 0) return undefined;
    if (TURNS.has(event.type)) this.#roundsInRow = 0;
    const names = [["item_id"], ["item", "id"], ["previous_item_id"]] as const;
    const hidden = names.find((path) => this.#items.has(stringAt(event, ...path) ?? ""));
    if (hidden) return { refused: "There is no such item for the page", param: hidden.join(".") };
    const created = event.type === "conversation.item.create" ? [event.item] : at(event, "response", "input");
    const answers = Array.isArray(created) && created.some((item) => {
      return this.#calls.has(stringAt(item, "call_id") ?? "") || this.#items.has(stringAt(item, "id") ?? "");
    });
    if (!answers) return undefined;
    return { refused: "Tools of the server are not for the page to answer", param: "item.call_id" };
  }

  /** What the page may see of an event of the API: the same, one without our calls, or `undefined`. Runs what is called. */
  see(event: WireEvent): WireEvent | undefined {
    if (this.#tools.size === 0) return event;
    if (TURNS.has(event.type)) this.#roundsInRow = 0;
    if (event.type === "response.created") this.#active.add(stringAt(event, "response", "id") ?? "");
    if (event.type === "response.done") return this.#responseDone(event);
    if (event.type === "error" && this.#isFollowUpError(event)) return undefined;
    if (isRecord(event.item) && this.#isOurs(event.item)) {
      if (event.type === "response.output_item.done") this.#start(event.item, stringAt(event, "response_id") ?? "");
      return undefined;
    }
    const itemId = stringAt(event, "item_id") ?? "";
    return this.#items.has(itemId) ? undefined : event;
  }

  #isOurs(item: Record<string, unknown>): boolean {
    const callId = stringAt(item, "call_id") ?? "";
    const isCall = item.type === "function_call" && this.#tools.has(stringAt(item, "name") ?? "");
    if (!isCall && !(item.type === "function_call_output" && this.#calls.has(callId))) {
      return this.#items.has(stringAt(item, "id") ?? "");
    }
    if (typeof item.id === "string") addBounded(this.#items, item.id, MAX_IDS);
    if (isCall && callId !== "") addBounded(this.#calls, callId, MAX_IDS);
    return true;
  }

  #responseDone(event: WireEvent): WireEvent {
    const responseId = stringAt(event, "response", "id") ?? "";
    this.#active.delete(responseId);
    const output = at(event, "response", "output");
    const items = Array.isArray(output) ? output : [];
    const ours = items.filter((item) => isRecord(item) && this.#isOurs(item));
    // Servers that leave the ends of items out say here what was called.
    for (const item of ours) this.#start(item, responseId);
    const round = this.#rounds.get(responseId);
    if (round) {
      round.status = stringAt(event, "response", "status") ?? "completed";
      this.#endRound(responseId, round);
    }
    if (this.#owesFollowUp) this.#followUp();
    if (ours.length === 0) return event;
    const shown = items.filter((item) => !ours.includes(item));
    return { ...event, response: { ...event.response as object, output: shown } };
  }

  #start(item: Record<string, unknown>, responseId: string): void {
    const callId = stringAt(item, "call_id") ?? "";
    const tool = this.#tools.get(stringAt(item, "name") ?? "");
    // A call that was cut off has no arguments to run with.
    if (!tool || item.status === "incomplete" || this.#started.has(callId)) return;
    addBounded(this.#started, callId, MAX_IDS);
    const round = this.#rounds.get(responseId) ?? { running: 0, status: undefined, wantsFollowUp: false };
    this.#rounds.set(responseId, round);
    round.running++;
    void this.#run(tool, callId, stringAt(item, "arguments") ?? "").then(() => {
      round.running--;
      round.wantsFollowUp ||= tool.followUp !== "silent";
      this.#endRound(responseId, round);
    });
  }

  readonly #started = new Set<string>();

  /** Runs a tool and sends what came of it. Never rejects. */
  async #run(tool: RealtimeTool, callId: string, text: string): Promise<void> {
    const { clock, onError } = this.#options;
    let output = FAILED;
    try {
      const args: unknown = text.trim() === "" ? {} : JSON.parse(text);
      if (await tool.needsApproval?.(args)) {
        output = NOT_APPROVED;
      } else {
        if (tool.background !== undefined) this.#answer(callId, tool.background);
        const result = await withTimeout(
          (signal) => tool.call(args, this.#contextOf(callId, signal)),
          { what: `run ${tool.definition.name}`, signal: this.#ending.signal, timeoutMs: tool.timeoutMs, clock },
        );
        output = typeof result === "string" ? result : JSON.stringify(result ?? null);
      }
    } catch (error) {
      // Nobody waits for the answer of a session that has ended.
      if (this.#ending.signal.aborted) return;
      onError(error);
    }
    if (this.#ending.signal.aborted) return;
    if (tool.background === undefined) return this.#answer(callId, output);
    const content = [{ type: "input_text", text: `The result of ${tool.definition.name}: ${output}` }];
    this.#create({ type: "message", role: "system", content });
  }

  #contextOf(callId: string, signal: AbortSignal): ToolContext {
    const session: ToolContext["session"] = {
      sendMessage: (text) => {
        return Promise.resolve(
          this.#create({ type: "message", role: "user", content: [{ type: "input_text", text }] }),
        );
      },
      close: () => Promise.resolve(this.#options.close()),
    };
    return { signal, callId, session, idle: () => Promise.resolve() };
  }

  #answer(callId: string, output: string): void {
    this.#create({ type: "function_call_output", call_id: callId, output });
  }

  #create(item: Record<string, unknown>): string {
    const id = randomId("item");
    if (item.type !== "message" || item.role !== "user") addBounded(this.#items, id, MAX_IDS);
    this.#options.send({ type: "conversation.item.create", event_id: randomId("event"), item: { id, ...item } });
    return id;
  }

  /** Asks for the response that goes on from what the tools said, once all of them have and theirs is done. */
  #endRound(responseId: string, round: Round): void {
    if (round.running > 0 || round.status === undefined) return;
    this.#rounds.delete(responseId);
    // What was interrupted is not gone on with.
    if (round.status !== "completed" || !round.wantsFollowUp || this.#roundsInRow >= MAX_ROUNDS) return;
    this.#roundsInRow++;
    this.#followUp();
  }

  #followUp(): void {
    if (this.#ending.signal.aborted) return;
    // Somebody else speaks: theirs ends first.
    this.#owesFollowUp = this.#active.size > 0;
    if (this.#owesFollowUp) return;
    const event_id = randomId("event");
    addBounded(this.#followUps, event_id, MAX_IDS);
    this.#options.send({ type: "response.create", event_id });
  }

  #isFollowUpError(event: WireEvent): boolean {
    if (!this.#followUps.delete(stringAt(event, "error", "event_id") ?? "")) return false;
    this.#owesFollowUp = stringAt(event, "error", "code") === "conversation_already_has_active_response";
    return true;
  }
}
