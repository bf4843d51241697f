/** State of a call, as one word. */
export type StateName =
  | "idle"
  | "asking"
  | "connecting"
  | "listening"
  | "hearing"
  | "thinking"
  | "speaking"
  | "calling"
  | "muted"
  | "reconnecting"
  | "ended"
  | "failed";

/** Text of each state. */
const WORDS: Readonly<Record<StateName, string>> = {
  idle: "Ready when you are",
  asking: "Asking for the microphone…",
  connecting: "Connecting…",
  listening: "Listening",
  hearing: "Hearing you",
  thinking: "Thinking…",
  speaking: "Speaking",
  calling: "Calling",
  muted: "Muted",
  reconnecting: "Reconnecting…",
  ended: "Call ended",
  failed: "The call did not start",
};

/** What to do next, outside a call. */
const HINTS: Readonly<Partial<Record<StateName, string>>> = {
  idle: "Press Start and say hello. Ask about the weather in Paris.",
  asking: "Allow it in your browser. Nothing is connected before you do.",
  connecting: "One moment.",
  ended: "Press Start to talk again.",
};

/** An event that has at least a type. */
type Event = { readonly type: string; readonly [field: string]: unknown };

/** Derives the state of a call from its events. Pure: the page shows it, the tests check it. */
export class CallState {
  /** Phase of the call as a whole. */
  phase: "idle" | "asking" | "connecting" | "live" | "ended" | "failed" = "idle";
  /** Whether the microphone is muted by the user. */
  muted = false;
  /** Whether the connection is interrupted. */
  reconnecting = false;
  /** Whether the model is heard. */
  speaking = false;
  /** Whether the user holds the button of push-to-talk. */
  pressed = false;
  #hearing = false;
  #thinking = false;
  readonly #tools = new Map<string, string>();

  /** Begins a new call, which needs a microphone first. */
  reset(): void {
    this.phase = "asking";
    this.muted =
      this.reconnecting =
      this.speaking =
      this.#hearing =
      this.#thinking =
        false;
    this.#tools.clear();
  }

  /** Whether the call is established. */
  get isLive(): boolean {
    return this.phase === "live";
  }

  /** Whether the call is established, or about to be. */
  get isBusy(): boolean {
    return this.isLive || this.phase === "asking" || this.phase === "connecting";
  }

  /** Processes an event of the session. */
  receive(event: Event): void {
    switch (event.type) {
      case "input_audio_buffer.speech_started":
        this.#hearing = true;
        this.#thinking = false;
        break;
      case "input_audio_buffer.speech_stopped":
      case "input_audio_buffer.committed":
        this.#hearing = false;
        this.#thinking = true;
        break;
      case "response.created":
        this.#thinking = true;
        break;
      case "response.done":
      case "error":
        this.#thinking = false;
        break;
      case "reconnecting":
        // Activities ended with the connection, except tools.
        this.reconnecting = true;
        this.speaking = this.#hearing = this.#thinking = false;
        break;
      case "recovered":
        this.reconnecting = false;
        break;
      case "tool_call_started":
        this.#tools.set(String(event.callId), String(event.name));
        break;
      case "tool_call_done":
      case "tool_call_failed":
        this.#tools.delete(String(event.callId));
        // The model answers with the tool's result.
        this.#thinking = true;
        break;
    }
  }

  /** The current state. */
  get name(): StateName {
    if (this.phase !== "live") return this.phase;
    if (this.reconnecting) return "reconnecting";
    if (this.#tools.size > 0) return "calling";
    if (this.#hearing || this.pressed) return "hearing";
    if (this.speaking) return "speaking";
    if (this.#thinking) return "thinking";
    return this.muted ? "muted" : "listening";
  }

  /** The same in words. */
  get text(): string {
    const tool = [...this.#tools.values()].at(-1);
    return this.name === "calling" ? `Calling ${tool}…` : WORDS[this.name];
  }

  /** What the user can do next, unless a call is established. */
  get hint(): string {
    return HINTS[this.name] ?? "";
  }
}
