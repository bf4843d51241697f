// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import { asString, at, stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { TurnEvent } from "../session_events.ts";

/** Measures the user's waiting time for an answer. */
export class TurnTimer {
  readonly #clock: Clock;
  #endedAt: number | undefined;
  #createdMs: number | undefined;
  #firstAudioMs: number | undefined;
  #responseId: string | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Processes a server event; returns the turn that it completes, if any. */
  receive(event: WireEvent): TurnEvent | undefined {
    const { type } = event;
    // A turn detected by the server is committed at its end; with push-to-talk, the commit is the end.
    const isEnd = type === "input_audio_buffer.speech_stopped" || type === "input_audio_buffer.committed";
    if (isEnd && (type.endsWith("stopped") || this.#endedAt === undefined || this.#createdMs !== undefined)) {
      this.#begin(this.#clock.now());
    }
    const endedAt = this.#endedAt;
    if (endedAt === undefined) return;
    // Not for every event, as it takes longer than everything else here.
    const sinceMs = () => this.#clock.now() - endedAt;
    const responseId = stringAt(event.response, "id") ?? asString(event.response_id);
    if (type === "response.created" && !this.#responseId && at(event.response, "conversation_id") !== null) {
      this.#createdMs ??= sinceMs();
      this.#responseId = responseId;
    }
    if (responseId === undefined || responseId !== this.#responseId) return;
    if (type === "response.output_audio.delta" || type === "output_audio_buffer.started") {
      this.#firstAudioMs ??= sinceMs();
    }
    if (type === "response.done") return this.#end(event, responseId, sinceMs());
  }

  #begin(endedAt: number | undefined): void {
    this.#endedAt = endedAt;
    this.#createdMs = this.#firstAudioMs = this.#responseId = undefined;
  }

  #end(event: WireEvent, responseId: string, doneMs: number): TurnEvent | undefined {
    const firstAudioMs = this.#firstAudioMs;
    const output = at(event.response, "output");
    this.#responseId = undefined;
    // A response that only calls tools is not the answer, which follows.
    const isOver = firstAudioMs !== undefined || !Array.isArray(output) ||
      !output.some((item) => stringAt(item, "type") === "function_call");
    if (!isOver) return;
    const responseCreatedMs = this.#createdMs ?? 0;
    this.#begin(undefined);
    return { type: "turn", responseId, responseCreatedMs, firstAudioMs, doneMs };
  }
}
