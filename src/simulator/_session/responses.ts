// This module is browser compatible.
import type { Brain } from "../brain.ts";
import type { Conversation, ConversationEntry } from "./conversation.ts";
import { Refusal } from "./refusal.ts";
import { ResponseRun } from "./response_run.ts";
import type { ResponseSettings } from "./response_settings.ts";
import type { Stage } from "./stage.ts";
import { addTokens, itemTokens, NO_TOKENS, textTokens, type TokenCount } from "./usage.ts";

/** Tokens a minute that `rate_limits.updated` speaks of, as recorded. */
const TOKENS_PER_MINUTE = 15_000_000;

/** What responses are made with. */
export interface ResponsesOptions extends Stage {
  /** The mind of the model. */
  readonly brain: Brain;
  /** The default conversation. */
  readonly conversation: Conversation;
}

/** The responses of a session: one at a time in the default conversation, any number beside it. */
export class Responses {
  readonly #options: ResponsesOptions;
  #active: ResponseRun | undefined;
  readonly #outOfBand = new Map<string, ResponseRun>();
  /** A response that the end of a turn asked for while another one was running. */
  #waiting: (() => void) | undefined;
  #tokensBefore: TokenCount = NO_TOKENS;
  #hasSpoken = false;

  constructor(options: ResponsesOptions) {
    this.#options = options;
  }

  /** Identifier of the response that runs in the default conversation. */
  get activeId(): string | undefined {
    return this.#active?.responseId;
  }

  /** Whether the model has said anything aloud, which fixes its voice. */
  get hasSpoken(): boolean {
    return this.#hasSpoken;
  }

  /**
   * Starts a response.
   *
   * @param input what the model gets to see instead of the conversation.
   * @throws {Refusal} when one is running in the default conversation already.
   */
  create(settings: ResponseSettings, input?: readonly ConversationEntry[]): void {
    const { brain, ...parts } = this.#options;
    if (this.#active && !settings.outOfBand) {
      throw new Refusal(
        `Conversation already has an active response in progress: ${this.#active.responseId}. ` +
          "Wait until the response is finished before creating a new one.",
        { code: "conversation_already_has_active_response" },
      );
    }
    const entries = input ?? parts.conversation.entries;
    const plan = brain.reply({
      items: entries.map((entry) => entry.item),
      outOfBand: settings.outOfBand,
      instructions: settings.instructions,
      tools: settings.tools,
      toolChoice: settings.toolChoice,
      ownToolChoice: settings.ownToolChoice,
      parallelToolCalls: settings.parallelToolCalls,
      modality: settings.modality,
      audioOf: (itemId) => entries.find((entry) => entry.id === itemId)?.audio,
    });
    const run = new ResponseRun({
      ...parts,
      id: parts.ids("resp"),
      settings,
      plan,
      inputTokens: addTokens(promptTokens(settings), ...entries.map(itemTokens)),
      tokensBefore: input ? NO_TOKENS : this.#tokensBefore,
      onSpeech: () => void (this.#hasSpoken = true),
      onEnd: (ended) => this.#free(ended),
      afterEnd: (ended) => this.#settle(ended),
    });
    if (settings.outOfBand) this.#outOfBand.set(run.responseId, run);
    else this.#active = run;
    run.start();
  }

  /** Calls `create` now, or as soon as the default conversation is free: the latest one only. */
  createWhenFree(create: () => void): void {
    if (this.#active) this.#waiting = create;
    else create();
  }

  /**
   * Cancels a response: the one named, else the one of the default conversation.
   *
   * @throws {Refusal} when it is not running.
   */
  cancel(responseId?: string): void {
    const run = responseId === undefined || responseId === this.activeId
      ? this.#active
      : this.#outOfBand.get(responseId);
    if (!run) {
      throw new Refusal("Cancellation failed: no active response found", { code: "response_cancel_not_active" });
    }
    run.cancel("client_cancelled");
  }

  /** Cancels the response of the default conversation, if there is one, because the user speaks. */
  interrupt(): void {
    this.#waiting = undefined;
    this.#active?.cancel("turn_detected");
  }

  /** Stops everything without a word. */
  stop(): void {
    this.#waiting = undefined;
    this.#active?.stop();
    for (const run of this.#outOfBand.values()) run.stop();
  }

  #free(run: ResponseRun): void {
    if (run === this.#active) this.#active = undefined;
    this.#outOfBand.delete(run.responseId);
  }

  #settle(run: ResponseRun): void {
    const used = addTokens(run.inputTokens, run.outputTokens);
    if (!run.outOfBand) this.#tokensBefore = used;
    const tokens = used.text + used.audio;
    this.#options.outbox.emit({
      type: "rate_limits.updated",
      rate_limits: [{
        name: "tokens",
        limit: TOKENS_PER_MINUTE,
        remaining: TOKENS_PER_MINUTE - tokens,
        reset_seconds: Math.ceil(tokens / TOKENS_PER_MINUTE * 60_000) / 1000,
      }],
    });
    const create = this.#waiting;
    if (run.outOfBand || !create) return;
    this.#waiting = undefined;
    create();
  }
}

/** Tokens of instructions and tools. */
function promptTokens({ instructions, tools }: ResponseSettings): TokenCount {
  return { text: textTokens(instructions) + (tools.length > 0 ? textTokens(JSON.stringify(tools)) : 0), audio: 0 };
}
