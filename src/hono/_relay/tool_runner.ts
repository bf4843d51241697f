import { addBounded } from "../../_internal/add_bounded.ts";
import type { Clock } from "../../_internal/clock.ts";
import { stringAt } from "../../_internal/wire.ts";
import { RealtimeApiError } from "../../errors.ts";
import type { RealtimeTool, ToolSession } from "../../tools/mod.ts";
import {
  backgroundResult,
  CUT_CALL,
  INTERRUPTED,
  runTool,
  type ToolRunOptions,
  unknownTool,
} from "../../_tools/run_tool.ts";
import type { ServerItems } from "./server_items.ts";
import type { ServerResponses } from "./server_responses.ts";
import { emptyRound, interruptCalls, type RelayToolCall, type ToolRound } from "./tool_round.ts";

/** Number of calls remembered. */
const MAX_IDS = 4096;

/** Options of a {@linkcode ToolRunner}. */
export interface ToolRunnerOptions {
  /** The tools, by name. */
  readonly tools: ReadonlyMap<string, RealtimeTool>;
  /** Maximum number of consecutive responses requested for the outputs of tools. */
  readonly toolRounds: number;
  /** Decides about calls that need approval. */
  readonly approve: ToolRunOptions<RelayToolCall>["approve"];
  /** Adds items to the conversation. */
  readonly items: ServerItems;
  /** Requests responses. */
  readonly responses: ServerResponses;
  /** Aborted with the relay. */
  readonly signal: AbortSignal;
  /** Ends the relay. */
  readonly close: () => void;
  /** Reports failures. */
  readonly onError: (error: unknown) => void;
  /** Source of time. */
  readonly clock: Clock;
}

/** Executes the calls of a relay, and requests the responses that continue after them. */
export class ToolRunner {
  readonly #options: ToolRunnerOptions;
  readonly #session: ToolSession;
  readonly #started = new Set<string>();
  readonly #rounds = new Map<string, ToolRound>();
  readonly #running = new Set<RelayToolCall>();
  #roundsInRow = 0;
  #changed = Promise.withResolvers<void>();

  constructor(options: ToolRunnerOptions) {
    const { close, items } = options;
    this.#options = options;
    this.#session = {
      sendMessage: (text) =>
        items.add({ type: "message", role: "user", content: [{ type: "input_text", text }] }, true),
      close: () => Promise.resolve(close()),
    };
  }

  /** Records a turn of the user or of the page. */
  turn(): void {
    this.#roundsInRow = 0;
  }

  /** Asks running calls to stop, if they opted in: all of them, or those of a response. */
  interrupt(responseId?: string): void {
    const isMeant = (call: RelayToolCall) => responseId === undefined || call.responseId === responseId;
    interruptCalls([...this.#running].filter(isMeant));
    this.#options.responses.interrupted();
  }

  /** Records that a response has ended. */
  responseDone(responseId: string, status: string): void {
    if (status === "cancelled" && !this.#options.responses.isOutside(responseId)) this.interrupt(responseId);
    const round = this.#rounds.get(responseId);
    if (!round) return;
    round.status = status;
    this.#endRound(responseId, round);
  }

  /** Records that something may have become idle. */
  notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Executes a call, unless it was executed before. */
  start(item: Record<string, unknown>, responseId: string, isCut = false): void {
    const { name, type } = item;
    const callId = stringAt(item, "call_id") ?? "";
    if (type !== "function_call" || typeof name !== "string" || callId === "" || this.#started.has(callId)) return;
    addBounded(this.#started, callId, MAX_IDS);
    // Its output would have no place in the conversation.
    if (this.#options.responses.isOutside(responseId)) return;
    const tool = this.#options.tools.get(name);
    const round = this.#rounds.get(responseId) ?? emptyRound();
    this.#rounds.set(responseId, round);
    const call: RelayToolCall = {
      callId,
      itemId: stringAt(item, "id"),
      name,
      arguments: stringAt(item, "arguments") ?? "",
      responseId,
      tool,
      round,
      interruption: new AbortController(),
      isCut: isCut || item.status === "incomplete",
      leadsToSpeech: tool?.followUp !== "silent",
    };
    round.unanswered++;
    this.#running.add(call);
    void this.#run(call).finally(() => {
      this.#running.delete(call);
      this.notify();
    });
  }

  /** Runs a tool and sends its output. Never rejects. */
  async #run(call: RelayToolCall): Promise<void> {
    const { approve, clock, onError } = this.#options;
    const { isCut, name, responseId, tool } = call;
    if (!tool) {
      onError(new TypeError(`Cannot run a tool as there is none with this name: current value is ${name}`));
      return this.#answer(call, unknownTool(name).output).then(() => {});
    }
    const running = isCut ? CUT_CALL : runTool(tool, call, {
      clock,
      session: this.#session,
      dispatch: undefined,
      approve,
      requestFiller: (config) => this.#requestFiller(config),
      onStart: () => {},
      idle: () => this.#idle(call),
      interruption: call.interruption.signal,
      closing: this.#options.signal,
    });
    const background = isCut ? undefined : tool.background;
    const answered = background === undefined ? undefined : this.#answer(call, background);
    const { failure, output } = await running;
    // No one waits for the answer of a session that has ended.
    if (this.#options.signal.aborted) return;
    if (failure && failure.error !== INTERRUPTED) onError(failure.error);
    if (!answered) return void await this.#answer(call, output);
    if (!await answered) return;
    const content = [{ type: "input_text", text: backgroundResult(call, output) }];
    if (await this.#add({ type: "message", role: "system", content }) && call.leadsToSpeech) this.#followUp(responseId);
  }

  /** Sends an output; returns whether the model can read it. */
  async #answer(call: RelayToolCall, output: string): Promise<boolean> {
    const { callId, leadsToSpeech, responseId, round } = call;
    const isRead = await this.#add({ type: "function_call_output", call_id: callId, output });
    round.unanswered--;
    round.answeredAt = this.#options.responses.count;
    if (isRead && leadsToSpeech) round.wantsFollowUp = true;
    this.#endRound(responseId, round);
    return isRead;
  }

  /** Adds an item; returns whether the API accepted it. A model that cannot read it would only call again. */
  async #add(item: Record<string, unknown>): Promise<boolean> {
    if (this.#options.signal.aborted) return false;
    try {
      await this.#options.items.add(item);
      return true;
    } catch (error) {
      if (this.#options.signal.aborted) return false;
      this.#options.onError(error);
      return !(error instanceof RealtimeApiError);
    }
  }

  /**
   * Requests the response that continues after the outputs of tools, once all calls have their outputs and their
   * response is done.
   */
  #endRound(responseId: string, { answeredAt, status, unanswered, wantsFollowUp }: ToolRound): void {
    if (unanswered > 0 || status === undefined) return;
    this.#rounds.delete(responseId);
    // Another response reads items added before it began; and an interrupted response is not continued.
    const isRead = this.#options.responses.count > answeredAt;
    if (wantsFollowUp && !isRead && (status === "completed" || status === "incomplete")) this.#followUp(responseId);
  }

  #followUp(responseId: string): void {
    const { onError, toolRounds } = this.#options;
    if (this.#options.signal.aborted) return;
    if (this.#roundsInRow >= toolRounds) {
      const rule = `relay.toolRounds responses in a row were requested: current value is ${toolRounds}`;
      return onError(new RangeError(`Cannot request a response to tool outputs as ${rule}`));
    }
    this.#roundsInRow++;
    this.#options.responses.followUp(responseId);
  }

  #requestFiller(config: object): { id: string; cancel: () => Promise<void> } | undefined {
    if (this.#options.signal.aborted || !this.#options.responses.isFree) return undefined;
    this.#options.responses.request(config, { isFiller: true });
    // It is being sent, and cannot be withdrawn.
    return { id: "", cancel: () => Promise.resolve() };
  }

  /** Resolves when the model has nothing more to say, apart from the response to a call. */
  async #idle(call: RelayToolCall): Promise<void> {
    const isBusy = () => {
      return !this.#options.responses.isIdle ||
        [...this.#running].some((other) => other !== call && other.leadsToSpeech);
    };
    while (isBusy()) await this.#changed.promise;
  }
}
