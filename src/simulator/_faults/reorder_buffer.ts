// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import { stringAt } from "../../_internal/wire.ts";
import type { Frame } from "./frame.ts";

/** Milliseconds after which a frame that was not overtaken is sent. */
const MAX_HELD_MS = 250;

interface Held {
  readonly frame: Frame;
  /** Item of these words; `undefined` for events without a fixed order. */
  readonly wordsOf: string | undefined;
  readonly cancelTimer: () => void;
  left: number;
}

/** Holds back frames that may arrive later. */
export class ReorderBuffer {
  readonly #clock: Clock;
  readonly #frames: number;
  readonly #send: (frame: Frame) => void;
  #held: Held[] = [];

  /** @param frames how many others overtake a frame that is held back. */
  constructor(clock: Clock, frames: number, send: (frame: Frame) => void) {
    this.#clock = clock;
    this.#frames = frames;
    this.#send = send;
  }

  /** Sends a frame, or holds it back. */
  push(frame: Frame): void {
    const { event } = frame;
    const type = event?.type ?? "";
    const itemId = stringAt(event, "item_id") ?? stringAt(event, "item", "id");
    const isWord = type === "response.output_audio_transcript.delta";
    if (isWord || type === "rate_limits.updated" || type.startsWith("conversation.item.input_audio_transcription.")) {
      return this.#hold(frame, isWord ? itemId : undefined);
    }
    // Only audio may come between the words of a message; a response ends after all of them.
    if (type === "response.done") this.#release(({ wordsOf }) => wordsOf !== undefined);
    else if (itemId && type !== "response.output_audio.delta") this.#release(({ wordsOf }) => wordsOf === itemId);
    this.#send(frame);
    for (const held of this.#held) held.left--;
    this.#release(({ left }) => left <= 0);
  }

  /** Sends the held frames. */
  flush(): void {
    this.#release(() => true);
  }

  /** Discards the held frames. */
  clear(): void {
    for (const { cancelTimer } of this.#held) cancelTimer();
    this.#held = [];
  }

  #hold(frame: Frame, wordsOf: string | undefined): void {
    const cancelTimer = this.#clock.schedule(() => this.#release((other) => other === held), MAX_HELD_MS);
    const held: Held = { frame, wordsOf, cancelTimer, left: this.#frames };
    this.#held.push(held);
  }

  #release(isDue: (held: Held) => boolean): void {
    const due = this.#held.filter(isDue);
    this.#held = this.#held.filter((held) => !due.includes(held));
    for (const { cancelTimer, frame } of due) {
      cancelTimer();
      this.#send(frame);
    }
  }
}
