// This module is browser compatible.
import { evictOldest } from "../../_internal/evict_oldest.ts";
import { stringAt, toApiError, type WireEvent } from "../../_internal/wire.ts";
import type { RealtimeApiError } from "../../errors.ts";
import type { ClientEvent } from "../../protocol/mod.ts";
import { msPerCharacter } from "../_parts/audio_length.ts";
import type { RecoveryLoss } from "../parts/recovery_events.ts";
import { InputTail } from "./input_tail.ts";

/** How many turns of the user are remembered with their times. */
const MAX_TURNS = 1024;

/** Knows what would be lost with the connection. */
export class LossLedger {
  readonly input: InputTail = new InputTail();
  /** The error that the server has sent last, unless it has sent something else since. */
  lastError: RealtimeApiError | undefined;
  readonly #wallNow: () => number;
  /** When what is known began; made when they are needed, as many sessions are idle. */
  #responses: Map<string, number> | undefined;
  #turns: Map<string, number> | undefined;
  /** Until when what has arrived is heard, on the session's clock; without end while the server plays. */
  #heardUntilMs = 0;
  /** When the user began to say what is no item yet, on the session's clock. */
  #speechAtMs: number | undefined;

  constructor(wallNow: () => number) {
    this.#wallNow = wallNow;
  }

  /** Whether nobody speaks. */
  isQuiet(nowMs: number): boolean {
    return !this.input.isSpeaking && nowMs >= this.#heardUntilMs;
  }

  /** When an item of the user began, as far as it is known, in milliseconds since 1970. */
  timeOf(itemId: string): number {
    return this.#turns?.get(itemId) ?? this.#wallNow();
  }

  /** Takes in an event that was sent. */
  send(event: ClientEvent, config: unknown): void {
    this.input.send(event, config);
  }

  /** Takes in a server event. */
  receive(event: WireEvent, config: unknown, nowMs: number): void {
    this.lastError = event.type === "error" ? toApiError(event) : undefined;
    this.input.receive(event);
    const id = stringAt(event, "response", "id");
    if (event.type === "response.created" && id) (this.#responses ??= new Map()).set(id, this.#wallNow());
    if (event.type === "response.done" && id) this.#responses?.delete(id);
    const itemId = stringAt(event, "item_id") ?? stringAt(event, "item", "id");
    if (itemId && /speech_started|committed|\.added$/.test(event.type)) {
      const turns = this.#turns ??= new Map<string, number>();
      if (!turns.has(itemId)) turns.set(itemId, this.#wallNow());
      evictOldest(turns, MAX_TURNS);
    }
    if (event.type === "input_audio_buffer.speech_started") this.#speechAtMs ??= nowMs;
    if (/^input_audio_buffer\.(committed|cleared)$/.test(event.type)) this.#speechAtMs = undefined;
    if (event.type === "output_audio_buffer.started") this.#heardUntilMs = Infinity;
    if (event.type === "response.output_audio.delta") {
      const ms = (stringAt(event, "delta") ?? "").length * msPerCharacter(config);
      this.#heardUntilMs = Math.max(this.#heardUntilMs, nowMs) + ms;
    }
    // What was cut is not heard any more.
    if (/speech_started|truncated|^output_audio_buffer\.(stopped|cleared)$/.test(event.type)) {
      this.#heardUntilMs = nowMs;
    }
  }

  /**
   * The user's audio for the next connection, and how much is missing of it, in milliseconds: what a browser has sent is
   * gone, if it was no item, and with it what the user went on to say.
   */
  takeInput(config: unknown, nowMs: number): ReturnType<InputTail["take"]> {
    const { isOurs } = this.input;
    const speechMs = nowMs - (this.#speechAtMs ?? nowMs);
    this.#speechAtMs = undefined;
    const { audio, lostMs } = this.input.take(config);
    return { audio, lostMs: isOurs ? lostMs : speechMs };
  }

  /** The responses that end with the connection, and what the server plays of them; forgets them. */
  takeResponses(): readonly RecoveryLoss[] {
    if (this.#heardUntilMs === Infinity) this.#heardUntilMs = 0;
    const lost = Array.from(
      this.#responses ?? [],
      ([id, atMs]) => loss("response", id, atMs, "the connection ended before it did"),
    );
    this.#responses = undefined;
    return lost;
  }

  /** The loss of audio that did not fit, in characters of base64, if there was any. */
  audioLoss(characters: number, config: unknown): readonly RecoveryLoss[] {
    return this.audioLossOf(characters * msPerCharacter(config, "input"));
  }

  /** The loss of audio of this length, in milliseconds, if there was any. */
  audioLossOf(durationMs: number): readonly RecoveryLoss[] {
    if (durationMs === 0) return [];
    return [{ ...loss("audio", undefined, this.#wallNow(), "it was not kept"), durationMs }];
  }
}

/** A loss. */
export function loss(kind: RecoveryLoss["kind"], id: string | undefined, atMs: number, reason: string): RecoveryLoss {
  return { kind, id, atMs, durationMs: undefined, reason };
}
