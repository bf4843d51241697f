// This module is browser compatible.
import type { Item, ResponseStatus, ResponseStatusDetails } from "../../../protocol/mod.ts";
import type { PlannedOutput } from "../../model/planned_output.ts";
import type { FailedOutcome, ReplyPlan } from "../../model/reply_plan.ts";
import { wireAudioOf } from "../input/audio_codec.ts";
import type { AudioPiece } from "./audio_piece.ts";
import { AudioTrack } from "./audio_track.ts";
import { type Conversation, ConversationEntry } from "../conversation/conversation.ts";
import { FunctionCallTrack } from "./function_call_track.ts";
import { McpCallTrack } from "../mcp/mcp_call_track.ts";
import type { McpCall } from "../mcp/mcp_calls.ts";
import type { ContentPlace } from "../conversation/message_item.ts";
import type { Outgoing } from "../outbox.ts";
import { OutputPlayer } from "./output_player.ts";
import type { OutputTrack, TrackHost } from "./output_track.ts";
import { responseObject } from "./response_object.ts";
import type { ResponseSettings } from "../config/response_settings.ts";
import type { Stage } from "../stage.ts";
import { TextTrack } from "./text_track.ts";
import { addTokens, cachedTokens, NO_TOKENS, type TokenCount, usageOf } from "../usage.ts";

/** Milliseconds from `response.created` to the first output, at the pace at which audio is heard. */
const FIRST_OUTPUT_MS = 80;

/** Dependencies of a response. */
export interface ResponseRunOptions extends Stage {
  /** Identifier of the response. */
  readonly id: string;
  /** Its settings. */
  readonly settings: ResponseSettings;
  /** Its content. */
  readonly plan: ReplyPlan;
  /** The default conversation. */
  readonly conversation: Conversation;
  /** Tokens that the model reads. */
  readonly inputTokens: TokenCount;
  /** Tokens that the model has read before. */
  readonly tokensBefore: TokenCount;
  /** Called when the model speaks. */
  readonly onSpeech: () => void;
  /** Called when the model calls a tool of an MCP server. */
  readonly onMcpCall: (call: McpCall) => void;
  /** Called when the response has ended, before `response.done` is sent. */
  readonly onEnd: (run: ResponseRun) => void;
  /** Called once `response.done` has been sent. */
  readonly afterEnd: (run: ResponseRun) => void;
}

/** One response, from `response.created` to `response.done`. */
export class ResponseRun implements TrackHost {
  readonly responseId: string;
  readonly #options: ResponseRunOptions;
  readonly #player: OutputPlayer;
  readonly #output: ConversationEntry[] = [];
  #steps: Generator<number> | undefined;
  #dueMs = 0;
  #cancelStep: () => void = () => {};

  constructor(options: ResponseRunOptions) {
    this.responseId = options.id;
    this.#options = options;
    this.#player = new OutputPlayer(options.plan, (output, index) => this.#trackFor(output, index));
  }

  /** Whether the response stays out of the default conversation. */
  get outOfBand(): boolean {
    return this.#options.settings.outOfBand;
  }

  /** Its planned failure, if any. */
  get failure(): FailedOutcome | undefined {
    const { outcome } = this.#options.plan;
    return outcome?.status === "failed" ? outcome : undefined;
  }

  /** Tokens that the model has read: none when it failed before it began. */
  get inputTokens(): TokenCount {
    const { inputTokens, plan } = this.#options;
    return this.failure && plan.outputs.length === 0 ? NO_TOKENS : inputTokens;
  }

  /** Tokens streamed so far, and those of thought. */
  get outputTokens(): TokenCount {
    return this.#tokensBut();
  }

  /** Duration of the model's speech so far, in milliseconds. */
  get audioMs(): number {
    return this.#output.reduce((sum, { audioMs }) => sum + audioMs, 0);
  }

  /** Whether a function call of this id is among its items. */
  makesCall(callId: string): boolean {
    return this.#output.some(({ item }) => item.type === "function_call" && item.call_id === callId);
  }

  /** Announces the response and starts streaming it. */
  start(): void {
    const { clock, pace, plan } = this.#options;
    this.#emitResponse("response.created", "in_progress", null);
    this.#steps = this.#play();
    this.#dueMs = clock.now();
    this.#schedule((plan.delayMs ?? 0) + pace.wait(FIRST_OUTPUT_MS));
  }

  /** Ends the response before it is complete. */
  cancel(reason: "turn_detected" | "client_cancelled"): void {
    this.stop();
    this.#player.close("incomplete");
    this.#end("cancelled", { type: "cancelled", reason });
  }

  /** Stops streaming without an event, as when the connection has ended. */
  stop(): void {
    this.#cancelStep();
  }

  emit(event: Outgoing): void {
    this.#options.outbox.emit(event);
  }

  emitAudio(place: ContentPlace, piece: AudioPiece): void {
    this.#options.onSpeech();
    this.#options.outbox.emitAudio(place, piece);
  }

  begin(outputIndex: number, item: Item): ConversationEntry {
    const { conversation } = this.#options;
    const entry = new ConversationEntry(item);
    this.#output.push(entry);
    this.emit({ type: "response.output_item.added", response_id: this.responseId, output_index: outputIndex, item });
    if (!this.outOfBand) {
      conversation.insert(entry);
      this.emit({ type: "conversation.item.added", previous_item_id: conversation.previousIdOf(entry.id), item });
    }
    return entry;
  }

  finish(outputIndex: number, entry: ConversationEntry): void {
    const { conversation } = this.#options;
    const { id, item } = entry;
    if (!this.outOfBand && conversation.find(id)) {
      // As recorded: the second item of a conversation has no predecessor when it is the model's.
      const previousItemId = conversation.isSecond(id) ? null : conversation.previousIdOf(id);
      this.emit({ type: "conversation.item.done", previous_item_id: previousItemId, item });
    }
    this.emit({ type: "response.output_item.done", response_id: this.responseId, output_index: outputIndex, item });
  }

  wait(ms: number): number {
    return this.#options.pace.wait(ms);
  }

  allows(track: OutputTrack, tokens: TokenCount): boolean {
    const most = this.#options.settings.maxOutputTokens;
    if (most === "inf") return true;
    const { text, audio } = addTokens(tokens, this.#tokensBut(track));
    return text + audio <= most;
  }

  #tokensBut(track?: OutputTrack): TokenCount {
    return addTokens({ text: this.#reasoningTokens ?? 0, audio: 0 }, this.#player.tokensBut(track));
  }

  get #reasoningTokens(): number | undefined {
    return this.#options.plan.reasoningTokens ?? this.#options.settings.reasoningTokens;
  }

  *#play(): Generator<number> {
    const { outcome } = this.#options.plan;
    if (!(yield* this.#player.play())) return this.#endIncomplete("max_output_tokens");
    if (outcome?.status === "incomplete") return this.#endIncomplete(outcome.reason);
    this.#player.close("completed");
    if (outcome?.status !== "failed") return this.#end("completed", null);
    const { code, message, type = code } = outcome;
    this.#end("failed", { type: "failed", error: { type, code, message } });
  }

  #trackFor(output: PlannedOutput, index: number): OutputTrack {
    const { ids, onMcpCall, settings } = this.#options;
    if (output.type === "mcp_call") return new McpCallTrack(this, index, ids("mcp"), output, onMcpCall);
    const itemId = ids("item");
    if (output.type === "function_call") return new FunctionCallTrack(this, index, itemId, ids("call"), output);
    const message = settings.tellsPhase ? { ...output, phase: output.phase ?? this.#phaseAt(index) } : output;
    if (settings.modality === "text") return new TextTrack(this, index, itemId, message);
    return new AudioTrack(this, index, itemId, message, {
      speed: settings.speed,
      wire: wireAudioOf(settings.format),
    });
  }

  /** Messages before a call are commentary, the rest is the answer. */
  #phaseAt(index: number): "commentary" | "final_answer" {
    const isFollowedByCall = this.#options.plan.outputs.slice(index).some(({ type }) => type !== "message");
    return isFollowedByCall ? "commentary" : "final_answer";
  }

  /** Continues after a delay counted from when this step was due, so that delays do not add up. */
  #schedule(waitMs: number): void {
    const { clock } = this.#options;
    this.#dueMs += waitMs;
    this.#cancelStep = clock.schedule(() => {
      const step = this.#steps?.next();
      if (step && !step.done) this.#schedule(step.value);
    }, Math.max(0, this.#dueMs - clock.now()));
  }

  #endIncomplete(reason: "max_output_tokens" | "content_filter"): void {
    this.#player.close("incomplete");
    this.#end("incomplete", { type: "incomplete", reason });
  }

  #end(status: ResponseStatus, details: ResponseStatusDetails | null): void {
    this.#options.onEnd(this);
    this.#emitResponse("response.done", status, details);
    this.#options.afterEnd(this);
  }

  #emitResponse(
    type: "response.created" | "response.done",
    status: ResponseStatus,
    details: ResponseStatusDetails | null,
  ): void {
    const { conversation, settings, tokensBefore } = this.#options;
    const { inputTokens } = this;
    const cached = cachedTokens(inputTokens, tokensBefore);
    const state = {
      id: this.responseId,
      status,
      details,
      output: this.#output.map((entry) => entry.item),
      conversationId: conversation.id,
      usage: type === "response.done" ? usageOf(inputTokens, cached, this.outputTokens, this.#reasoningTokens) : null,
    };
    this.emit({ type, response: responseObject(state, settings) });
  }
}
