import type { Clock, VoiceEvent, VoiceSession } from "@oai-rt/edge";
import { measureLevel, toInt16 } from "@oai-rt/edge/audio";
import type { Microphone } from "./microphone.ts";
import type { Screen } from "./screen.ts";
import { TurnLog } from "./turn_log.ts";

/** Timeout of a step of the conversation, in milliseconds. */
const PATIENCE_MS = 40_000;

/** Part of the long answer that is heard before it is interrupted, in milliseconds. */
const HEARD_BEFORE_INTERRUPTION_MS = 3000;

/** Interval of screen updates, in milliseconds. */
const REFRESH_MS = 100;

/** Options of a {@linkcode Conversation}. */
export interface ConversationOptions {
  readonly voice: VoiceSession;
  readonly microphone: Microphone;
  readonly screen: Screen;
  readonly clock: Clock;
}

/** Plays recordings, listens to the answers, shows the events and logs them. */
export class Conversation {
  readonly log = new TurnLog();
  /** The model's speech that was played. */
  #played: Uint8Array[] = [];
  readonly #options: ConversationOptions;
  readonly #partial = { you: "", assistant: "" };
  readonly #receivedMs = new Map<string, number>();
  #speaking = false;
  #answered = false;
  #modelLevelDbfs = -Infinity;
  #waiters: (() => void)[] = [];
  #failure: Error | undefined;
  #stopRefreshing = (): void => {};

  constructor(options: ConversationOptions) {
    this.#options = options;
    options.voice.on("*", (event) => this.#receive(event));
    this.#refresh();
  }

  /** Replaces a loudspeaker. */
  readonly loudspeaker = new WritableStream<Uint8Array>({
    write: (bytes) => {
      this.#played.push(bytes);
      this.#modelLevelDbfs = measureLevel(toInt16(bytes)).rmsDbfs;
    },
  });

  /** All that was played so far. */
  get played(): Uint8Array {
    const whole = new Uint8Array(this.#played.reduce((length, bytes) => length + bytes.length, 0));
    let offset = 0;
    for (const bytes of this.#played) {
      whole.set(bytes, offset);
      offset += bytes.length;
    }
    return whole;
  }

  /** Speaks a recording; resolves when the answer to it begins to be heard. */
  async ask(name: string, recording: Int16Array): Promise<void> {
    const turn = this.log.begin(name);
    this.#answered = false;
    turn.speechEndedAt = await this.#options.microphone.say(recording);
    await this.#until("answer", () => turn.firstAudioAt !== undefined);
  }

  /** Resolves when the answer has ended and was heard to its end. */
  async hearOut(): Promise<void> {
    await this.#until("end of the answer", () => this.#answered && this.#isHeardOut);
  }

  /** Resolves when enough of a long answer was heard, or all of a shorter one. */
  async hearSome(): Promise<void> {
    const { playback } = this.#options.voice;
    await this.#until("long answer", () => {
      const heardMs = playback.items.at(-1)?.heardMs ?? 0;
      return heardMs >= HEARD_BEFORE_INTERRUPTION_MS || (this.#answered && this.#isHeardOut);
    });
  }

  /** Stops showing events. */
  end(): void {
    this.#stopRefreshing();
    this.#options.screen.quiet();
  }

  #receive(event: VoiceEvent): void {
    const { clock, screen } = this.#options;
    this.log.receive(event, clock.now());
    switch (event.type) {
      case "speech_started":
        this.#speaking = true;
        return screen.line("you", "(begins to speak)");
      case "speech_stopped":
        this.#speaking = false;
        return screen.line("you", "(has spoken)");
      case "user_transcript_delta":
        this.#partial.you += event.delta;
        return;
      case "user_transcript_done":
        this.#partial.you = "";
        return screen.line("you", `“${event.transcript.trim()}”`);
      case "user_transcript_failed":
        return screen.line("you", `(could not be transcribed: ${event.error.message})`);
      case "transcript_delta":
        this.#partial.assistant += event.delta;
        return;
      case "transcript_done":
        this.#partial.assistant = "";
        return screen.line("assistant", `“${event.transcript.trim()}”`);
      case "audio_delta":
        this.#receivedMs.set(event.itemId, event.startMs + event.durationMs);
        return;
      case "tool_call_started":
        return screen.line("tool", `${event.name}(${event.arguments.replace(/\s+/g, " ").trim()})`);
      case "tool_call_done":
        return screen.line("tool", `${event.name} gave ${event.output} in ${Math.round(event.durationMs)} ms`);
      case "tool_call_failed":
        return screen.line("tool", `${event.name} failed: ${event.output}`);
      case "response_done":
        if (event.status === "failed") this.#failure = new Error("The server could not make the response");
        // A response with only a tool call is silent; the answer is the next one.
        this.#answered = this.#options.voice.session.activeResponse === undefined && this.#hasSpoken();
        return;
      case "interrupted":
        screen.line("cut", describeCut(event));
        return screen.line("cut", `heard “${event.heardText.trim()}”`);
      case "error":
        return screen.line("error", event.error.message);
      case "decode_error":
        return screen.line("error", `${event.eventType ?? "frame"}: ${event.message}`);
    }
  }

  /** Whether the loudspeaker was given all of the last answer: `unheardMs` counts time, so that a busy machine is behind. */
  get #isHeardOut(): boolean {
    const { cut = false, heardMs = 0, receivedMs = 0 } = this.#options.voice.playback.items.at(-1) ?? {};
    return cut || receivedMs - heardMs < 1;
  }

  #hasSpoken(): boolean {
    return this.log.turns.at(-1)?.firstAudioAt !== undefined;
  }

  /** Updates the live line, and checks the condition that is waited for. */
  #refresh(): void {
    const { clock, microphone, screen, voice } = this.#options;
    if (this.#speaking) screen.live("you", microphone.levelDbfs, this.#partial.you);
    else if (voice.playback.unheardMs > 0) screen.live("assistant", this.#modelLevelDbfs, this.#partial.assistant);
    else screen.quiet();
    for (const waiter of [...this.#waiters]) waiter();
    this.#stopRefreshing = clock.schedule(() => this.#refresh(), REFRESH_MS);
  }

  async #until(what: string, holds: () => boolean): Promise<void> {
    const { clock, voice } = this.#options;
    const deadline = clock.now() + PATIENCE_MS;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = () => {
      if (this.#failure) reject(this.#failure);
      else if (holds()) resolve();
      else if (clock.now() > deadline) reject(new Error(`There was no ${what} within ${PATIENCE_MS / 1000} s`));
    };
    this.#waiters.push(waiter);
    voice.closed.then(({ code, reason }) =>
      reject(new Error(`The connection ended with code ${code}${reason && `: ${reason}`}`))
    );
    try {
      await promise;
    } finally {
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
    }
  }
}

function describeCut({ itemId, heardMs, receivedMs, action }: VoiceEvent & { type: "interrupted" }): string {
  const where = {
    truncate: `cut at ${heardMs} ms`,
    delete: "deleted, since nothing of it was heard",
    discard: "to be deleted when it is done, since nothing of it was heard",
  }[action];
  return `interrupted: ${heardMs} of ${receivedMs} ms received were heard; item ${itemId} ${where}`;
}
