/** A stretch of time, in milliseconds since the call began; without `end` it still lasts. */
export interface Span {
  readonly start: number;
  readonly end?: number | undefined;
  readonly label: string;
}

/** The rows of the timeline. */
export type Lane = "user" | "generated" | "heard" | "tools" | "cuts";

/** All rows, as they are drawn from top to bottom. */
export const LANES: readonly Lane[] = ["user", "generated", "heard", "tools", "cuts"];

/** Maximum number of kept spans per lane; the oldest are removed. */
const MAX_SPANS = 200;

type Event = { readonly type: string; readonly [field: string]: unknown };

/**
 * Times of events: the user's speech, the generated audio, its heard part, tools, and cuts. An interruption removes the
 * difference between the second and the third. Pure.
 */
export class Timeline {
  readonly #lanes: Record<Lane, Span[]> = { user: [], generated: [], heard: [], tools: [], cuts: [] };
  /** Spans that last, by lane and id. */
  readonly #open = new Map<string, Span>();
  readonly #spoken = new Map<string, string>();
  /** Numbers of spans since the call began, also of those that are no longer kept. */
  readonly #counts: Record<Lane, number> = { user: 0, generated: 0, heard: 0, tools: 0, cuts: 0 };

  /** The spans of every lane. */
  get lanes(): Readonly<Record<Lane, readonly Span[]>> {
    return this.#lanes;
  }

  /** Processes an event of the session. */
  receive(event: Event, atMs: number): void {
    const id = String(event.response_id ?? event.item_id ?? event.callId ?? "");
    switch (event.type) {
      case "input_audio_buffer.speech_started":
        return this.#begin("user", "speech", atMs, "You speak");
      case "input_audio_buffer.speech_stopped":
      case "input_audio_buffer.committed":
        return this.#finish("user", "speech", atMs);
      case "response.output_item.added":
        if (typeOf(event.item) !== "message") return;
        return this.#begin("generated", id, atMs, "Generated");
      case "response.output_audio_transcript.delta":
        return void this.#spoken.set(id, (this.#spoken.get(id) ?? "") + String(event.delta ?? ""));
      case "response.done": {
        const responseId = idOf(event.response);
        this.#finish("generated", responseId, atMs, this.#spoken.get(responseId));
        return void this.#spoken.delete(responseId);
      }
      case "reconnecting":
        // Tools run on.
        return this.end(atMs, ["user", "generated", "heard"]);
      case "tool_call_started":
        return this.#begin("tools", id, atMs, `${event.name} ${event.arguments}`);
      case "tool_call_done":
      case "tool_call_failed":
        return this.#finish("tools", id, atMs);
      case "conversation.item.truncated":
        return this.#add("cuts", { start: atMs, end: atMs, label: `Cut after ${seconds(event.audio_end_ms)} heard` });
    }
  }

  /** Notes that the user holds the button of push-to-talk from now on, or no longer. */
  pressed(isPressed: boolean, atMs: number): void {
    if (isPressed) this.#begin("user", "speech", atMs, "You speak");
    else this.#finish("user", "speech", atMs);
  }

  /** Notes that the model is heard from now on, or no longer. */
  heard(isHeard: boolean, atMs: number): void {
    if (isHeard) this.#begin("heard", "sound", atMs, "Heard");
    else this.#finish("heard", "sound", atMs);
  }

  /** Ends open spans in these lanes. */
  end(atMs: number, lanes: readonly Lane[] = LANES): void {
    for (const key of [...this.#open.keys()]) {
      const [lane = "user", id = ""] = key.split("\n");
      if (lanes.includes(lane as Lane)) this.#finish(lane as Lane, id, atMs);
    }
    this.#spoken.clear();
  }

  /** The same in words, for those who do not see it. */
  describe(): string {
    const { cuts, generated, tools, user } = this.#counts;
    return `${count(user, "turn")} of yours, ${count(generated, "answer")}, ${count(tools, "tool call")}, ${
      count(cuts, "interruption")
    }`;
  }

  #begin(lane: Lane, id: string, start: number, label: string): void {
    const key = `${lane}\n${id}`;
    if (this.#open.has(key)) return;
    const span = { start, label };
    this.#open.set(key, span);
    this.#add(lane, span);
  }

  #finish(lane: Lane, id: string, end: number, label?: string): void {
    const key = `${lane}\n${id}`;
    const span = this.#open.get(key);
    if (!span) return;
    this.#open.delete(key);
    const spans = this.#lanes[lane];
    const index = spans.indexOf(span);
    if (index >= 0) spans[index] = { ...span, end, label: label ?? span.label };
  }

  #add(lane: Lane, span: Span): void {
    const spans = this.#lanes[lane];
    this.#counts[lane]++;
    spans.push(span);
    if (spans.length > MAX_SPANS) spans.shift();
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function typeOf(item: unknown): unknown {
  return typeof item === "object" && item !== null && "type" in item ? item.type : undefined;
}

function idOf(response: unknown): string {
  return typeof response === "object" && response !== null && "id" in response ? String(response.id) : "";
}

function seconds(ms: unknown): string {
  return typeof ms === "number" ? `${(ms / 1000).toFixed(1)} s` : "a while";
}
