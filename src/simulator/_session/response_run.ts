// This module is browser compatible.
import type { Item, ResponseStatus, ResponseStatusDetails } from "../../protocol/mod.ts";
import type { PlannedOutput, ReplyPlan } from "../brain.ts";
import { encodingOf } from "./audio_codec.ts";
import { AudioTrack } from "./audio_track.ts";
import { type Conversation, ConversationEntry } from "./conversation.ts";
import { FunctionCallTrack } from "./function_call_track.ts";
import type { Outgoing } from "./outbox.ts";
import type { OutputTrack, TrackHost } from "./output_track.ts";
import { responseObject } from "./response_object.ts";
import type { ResponseSettings } from "./response_settings.ts";
import type { Stage } from "./stage.ts";
import { TextTrack } from "./text_track.ts";
import { addTokens, cachedTokens, type TokenCount, usageOf } from "./usage.ts";

/** Milliseconds from `response.created` to the first output, at the pace at which audio is heard. */
const FIRST_OUTPUT_MS = 80;

/** What a response is made of and where it goes. */
export interface ResponseRunOptions extends Stage {
  /** Identifier of the response. */
  readonly id: string;
  /** What it is made with. */
  readonly settings: ResponseSettings;
  /** What is said. */
  readonly plan: ReplyPlan;
  /** The default conversation. */
  readonly conversation: Conversation;
  /** Tokens that the model reads. */
  readonly inputTokens: TokenCount;
  /** Tokens that the model has read before. */
  readonly tokensBefore: TokenCount;
  /** Called when the model says something aloud. */
  readonly onSpeech: () => void;
  /** Called when the response has ended, before `response.done` is sent. */
  readonly onEnd: (run: ResponseRun) => void;
  /** Called once `response.done` has been sent. */
  readonly afterEnd: (run: ResponseRun) => void;
}

/** One response, from `response.created` to `response.done`. */
export class ResponseRun implements TrackHost {
  readonly responseId: string;
  readonly #options: ResponseRunOptions;
  readonly #tracks: OutputTrack[] = [];
  readonly #open = new Set<OutputTrack>();
  readonly #output: ConversationEntry[] = [];
  #steps: Generator<number> | undefined;
  #dueMs = 0;
  #cancelStep: () => void = () => {};

  constructor(options: ResponseRunOptions) {
    this.responseId = options.id;
    this.#options = options;
  }

  /** Whether the response stays out of the default conversation. */
  get outOfBand(): boolean {
    return this.#options.settings.outOfBand;
  }

  /** Tokens that the model has read. */
  get inputTokens(): TokenCount {
    return this.#options.inputTokens;
  }

  /** Tokens streamed so far. */
  get outputTokens(): TokenCount {
    return addTokens(...this.#tracks.map((track) => track.tokens));
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
    this.#closeOpen("incomplete");
    this.#end("cancelled", { type: "cancelled", reason });
  }

  /** Stops streaming without a word, as when the connection is gone. */
  stop(): void {
    this.#cancelStep();
  }

  emit(event: Outgoing): void {
    if (event.type === "response.output_audio.delta") this.#options.onSpeech();
    this.#options.outbox.emit(event);
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
      // As recorded: an item of the model's that is the second of its conversation is said to have none before it.
      const previousItemId = conversation.isSecond(id) ? null : conversation.previousIdOf(id);
      this.emit({ type: "conversation.item.done", previous_item_id: previousItemId, item });
    }
    this.emit({ type: "response.output_item.done", response_id: this.responseId, output_index: outputIndex, item });
  }

  allows(track: OutputTrack, tokens: TokenCount): boolean {
    const most = this.#options.settings.maxOutputTokens;
    const others = this.#tracks.filter((other) => other !== track).map((other) => other.tokens);
    const { text, audio } = addTokens(tokens, ...others);
    return most === "inf" || text + audio <= most;
  }

  /** Streams one output after the other; a commentary ends only after the output that follows it has been streamed. */
  *#play(): Generator<number> {
    const { outputs, outcome } = this.#options.plan;
    for (const [index, output] of outputs.entries()) {
      const track = this.#trackFor(output, index);
      this.#tracks.push(track);
      this.#open.add(track);
      track.open();
      if (!(yield* track.stream())) return this.#endIncomplete("max_output_tokens");
      if (index < outputs.length - 1 && !track.overlapsNext) this.#closeOpen("completed");
    }
    if (outcome?.status === "incomplete") return this.#endIncomplete(outcome.reason);
    this.#closeOpen("completed");
    if (outcome?.status !== "failed") return this.#end("completed", null);
    const { code, message } = outcome;
    this.#end("failed", { type: "failed", error: { type: code, code, message } });
  }

  #trackFor(output: PlannedOutput, index: number): OutputTrack {
    const { ids, settings } = this.#options;
    const itemId = ids("item");
    if (output.type === "function_call") return new FunctionCallTrack(this, index, itemId, ids("call"), output);
    if (settings.modality === "text") return new TextTrack(this, index, itemId, output);
    return new AudioTrack(this, index, itemId, output, encodingOf(settings.format));
  }

  /** Goes on after a time that counts from when this step was due, so that delays do not add up. */
  #schedule(waitMs: number): void {
    const { clock, pace } = this.#options;
    this.#dueMs += waitMs;
    this.#cancelStep = clock.schedule(() => {
      const step = this.#steps?.next();
      if (step && !step.done) this.#schedule(pace.wait(step.value));
    }, Math.max(0, this.#dueMs - clock.now()));
  }

  #closeOpen(lastStatus: "completed" | "incomplete"): void {
    const tracks = [...this.#open];
    this.#open.clear();
    for (const track of tracks) track.close(track === tracks.at(-1) ? lastStatus : "completed");
  }

  #endIncomplete(reason: "max_output_tokens" | "content_filter"): void {
    this.#closeOpen("incomplete");
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
    const { conversation, inputTokens, settings, tokensBefore } = this.#options;
    const cached = cachedTokens(inputTokens, tokensBefore);
    const state = {
      id: this.responseId,
      status,
      details,
      output: this.#output.map((entry) => entry.item),
      conversationId: conversation.id,
      usage: type === "response.done" ? usageOf(inputTokens, cached, this.outputTokens) : null,
    };
    this.emit({ type, response: responseObject(state, settings) });
  }
}
