// This module is browser compatible.
import { type ServerError, serverError } from "../../_errors/server_error.ts";
import type { EffectiveTruncation } from "../../../protocol/mod.ts";
import type { SimulatedModel } from "../../model/simulated_model.ts";
import { announceItem } from "../conversation/announce_item.ts";
import { ContextWindow } from "../conversation/context_window.ts";
import type { Conversation, ConversationEntry } from "../conversation/conversation.ts";
import { needsApproval } from "../mcp/mcp_approval.ts";
import type { McpCall, McpCalls } from "../mcp/mcp_calls.ts";
import type { McpServers } from "../mcp/mcp_servers.ts";
import { checkReply } from "./check_reply.ts";
import { RateLimits } from "./rate_limits.ts";
import type { FailedOutcome, ReplyPlan } from "../../model/reply_plan.ts";
import { ResponseRun } from "./response_run.ts";
import type { ResponseSettings } from "../config/response_settings.ts";
import type { Stage } from "../stage.ts";
import { addTokens, itemTokens, NO_TOKENS, textTokens, type TokenCount } from "../usage.ts";

/** Dependencies of responses. */
export interface ResponsesOptions extends Stage {
  /** The model. */
  readonly simulatedModel: SimulatedModel;
  /** The default conversation. */
  readonly conversation: Conversation;
  /** The MCP servers that the session knows. */
  readonly mcpServers: McpServers;
  /** The calls of their tools. */
  readonly mcpCalls: McpCalls;
  /** Executes a function, and answers a failure with an error event. */
  readonly attempt: (eventId: string | null, action: () => void) => void;
  /** A response has begun in the default conversation. */
  readonly onBegun: () => void;
  /** A response has failed in a way that ends the session. */
  readonly onFatal: (failure: FailedOutcome) => void;
  /** A response of the default conversation has ended, whose audio lasts a number of milliseconds. */
  readonly onEnded: (audioMs: number) => void;
}

/** The subject of a response. */
export interface ResponseSubject {
  /** Items that the model reads instead of the conversation. */
  readonly input?: readonly ConversationEntry[] | undefined;
  /** Items that join the conversation first; those of an out-of-band response stay out of it. */
  readonly added?: readonly ConversationEntry[] | undefined;
  /** Whether another response is cancelled, even if the server would reject this one. */
  readonly cancelsOther?: boolean | undefined;
  /** The words of the client that are spoken in place of an answer of the model. */
  readonly says?: string | undefined;
  /** Whether the idle timeout requested it. */
  readonly idle?: boolean | undefined;
  /** Handling of a conversation that is too long. */
  readonly truncation: EffectiveTruncation | null | undefined;
}

/** The responses of a session: one at a time in the default conversation, any number out of band. */
export class Responses {
  readonly #options: ResponsesOptions;
  readonly #window = new ContextWindow();
  readonly #outOfBand = new Map<string, ResponseRun>();
  readonly #heldBack: (() => void)[] = [];
  #active: ResponseRun | undefined;
  #tokensBefore: TokenCount = NO_TOKENS;
  #hasSpoken = false;
  readonly #rateLimits: RateLimits;

  constructor(options: ResponsesOptions) {
    this.#options = options;
    this.#rateLimits = new RateLimits(options.profile.rateLimitUpdates);
  }

  /** Identifier of the response that runs in the default conversation. */
  get activeId(): string | undefined {
    return this.#active?.responseId;
  }

  /** Whether the model has spoken, which fixes its voice. */
  get hasSpoken(): boolean {
    return this.#hasSpoken;
  }

  /**
   * Starts a response.
   *
   * @throws {ServerError} when one is already active in the default conversation, when the conversation is too long,
   * and when the model rejects it.
   */
  create(settings: ResponseSettings, subject: ResponseSubject): void {
    const { added = [], cancelsOther = false, idle = false, says, truncation } = subject;
    const { attempt: _attempt, simulatedModel, mcpServers, onBegun, onEnded: _onEnded, onFatal: _onFatal, ...parts } =
      this.#options;
    if (this.#active && !settings.outOfBand) {
      if (this.#options.profile.secondResponse === "refused" && !cancelsOther) throw busy(this.#active.responseId);
      this.#active.cancel("client_cancelled");
    }
    const isAside = settings.outOfBand && added.length > 0;
    const input = isAside ? [...parts.conversation.entries, ...added] : subject.input;
    if (!isAside) this.#join(added);
    const prompt = promptTokens(settings);
    const view = input ? undefined : this.#window.view(parts.conversation.entries, truncation, prompt.text);
    // Omitting items at the front invalidates the cache of the rest.
    if (view?.hasMoved) this.#tokensBefore = prompt;
    const entries = input ?? view?.entries ?? [];
    const outcome = parts.faults.nextOutcome(settings.model);
    const answer = () =>
      checkReply(simulatedModel.reply({
        items: entries.map((entry) => entry.item),
        outOfBand: settings.outOfBand,
        instructions: settings.instructions,
        tools: settings.tools,
        toolChoice: settings.toolChoice,
        ownToolChoice: settings.ownToolChoice,
        parallelToolCalls: settings.parallelToolCalls,
        modality: settings.modality,
        mcpTools: mcpServers.toolsOf(settings.mcpServers),
        idle,
        audioOf: (itemId) => entries.find((entry) => entry.id === itemId)?.audio,
      }));
    const said: ReplyPlan | undefined = says === undefined ? undefined : { outputs: [{ type: "message", text: says }] };
    const plan: ReplyPlan = outcome ? { outputs: [], outcome } : said ?? answer();
    if (plan.outcome?.status === "refused") {
      const { code, message, type } = plan.outcome;
      throw serverError("model_refuses", { code, message, type: type ?? "server_error" });
    }
    const run = new ResponseRun({
      ...parts,
      id: parts.ids("resp"),
      settings,
      plan,
      inputTokens: addTokens(prompt, ...entries.map(itemTokens)),
      tokensBefore: input ? NO_TOKENS : this.#tokensBefore,
      onSpeech: () => void (this.#hasSpoken = true),
      onMcpCall: (call) => this.#callMcp(call, settings),
      onEnd: (ended) => this.#free(ended),
      afterEnd: (ended) => this.#settle(ended),
    });
    if (settings.outOfBand) {
      this.#outOfBand.set(run.responseId, run);
    } else {
      this.#active = run;
      onBegun();
    }
    run.start();
  }

  /**
   * Cancels a response: the given one, else that of the default conversation.
   *
   * @throws {ServerError} when it is not active.
   */
  cancel(responseId?: string): void {
    const run = responseId === undefined || responseId === this.activeId
      ? this.#active
      : this.#outOfBand.get(responseId);
    if (!run) {
      throw serverError("cancel_not_active");
    }
    run.cancel("client_cancelled");
  }

  /** Cancels the response of the default conversation, if there is one, because the user speaks. */
  interrupt(): void {
    this.#active?.cancel("turn_detected");
  }

  /**
   * Executes the output of a call: as recorded, not before the response of the call has ended. A rejection then names
   * the client's event.
   */
  afterCall(callId: string, eventId: string | null, action: () => void): void {
    if (this.#active?.makesCall(callId)) this.#heldBack.push(() => this.#options.attempt(eventId, action));
    else action();
  }

  /** Stops everything without sending an event. */
  stop(): void {
    this.#active?.stop();
    for (const run of this.#outOfBand.values()) run.stop();
  }

  #join(entries: readonly ConversationEntry[]): void {
    const { conversation, outbox } = this.#options;
    for (const entry of entries) {
      conversation.insert(entry);
      announceItem(outbox, entry.item, conversation.previousIdOf(entry.id));
    }
  }

  #callMcp(call: McpCall, { mcpServers }: ResponseSettings): void {
    const { mcpCalls, mcpServers: known } = this.#options;
    const { name, server_label } = call.plan;
    const server = mcpServers.find((each) => each.server_label === server_label);
    const tool = known.toolsOf(mcpServers).find((each) => each.server_label === server_label && each.name === name);
    if (server && needsApproval(server, tool ?? { name, input_schema: {} })) mcpCalls.askFor(call);
    else mcpCalls.make(call);
  }

  #free(run: ResponseRun): void {
    if (run === this.#active) this.#active = undefined;
    this.#outOfBand.delete(run.responseId);
  }

  #settle(run: ResponseRun): void {
    const used = addTokens(run.inputTokens, run.outputTokens);
    if (!run.outOfBand) this.#tokensBefore = used;
    const { failure } = run;
    if (failure?.closes) return this.#options.onFatal(failure);
    const update = this.#rateLimits.after(used.text + used.audio, failure?.code === "rate_limit_exceeded");
    if (update) this.#options.outbox.emit(update);
    if (run.outOfBand) return;
    this.#options.onEnded(run.audioMs);
    for (const action of this.#heldBack.splice(0)) action();
  }
}

function busy(responseId: string): ServerError {
  return serverError("response_active", { id: responseId });
}

/** Tokens of instructions and tools. */
function promptTokens({ instructions, mcpServers, tools }: ResponseSettings): TokenCount {
  const all = [...tools, ...mcpServers];
  return { text: textTokens(instructions) + (all.length > 0 ? textTokens(JSON.stringify(all)) : 0), audio: 0 };
}
