// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import { asString, at, stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { TurnEvent } from "../session_events.ts";

/** A turn of the user that is not answered yet. Times are since its end, in milliseconds. */
interface Turn {
  readonly endedAt: number;
  createdMs?: number;
  firstAudioMs?: number | undefined;
  /** The response that may be its answer. */
  responseId?: string | undefined;
}

/** Measures the user's waiting time for an answer. */
export class TurnTimer {
  readonly #clock: Clock;
  #turn: Turn | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Processes an event of the conversation; returns the turn that it completes, if any. */
  receive(event: WireEvent): TurnEvent | undefined {
    const { response, type } = event;
    // A turn detected by the server is committed at its end; with push-to-talk, the commit is the end.
    const isCommit = type === "input_audio_buffer.committed" && (!this.#turn || this.#turn.createdMs !== undefined);
    if (isCommit || type === "input_audio_buffer.speech_stopped") this.#turn = { endedAt: this.#clock.now() };
    const turn = this.#turn;
    if (!turn) return;
    // Not for every event, as it takes longer than everything else here.
    const sinceMs = () => this.#clock.now() - turn.endedAt;
    const responseId = stringAt(response, "id") ?? asString(event.response_id);
    if (type === "response.created") {
      turn.createdMs ??= sinceMs();
      turn.responseId ||= responseId;
    }
    if (responseId === undefined || responseId !== turn.responseId) return;
    if (type === "response.output_audio.delta" || type === "output_audio_buffer.started") {
      turn.firstAudioMs ??= sinceMs();
    }
    if (type !== "response.done") return;
    turn.responseId = undefined;
    const { createdMs, firstAudioMs } = turn;
    const output = at(response, "output");
    // A response that only calls tools is not the answer, which follows.
    const calls = Array.isArray(output) && output.some((item) => stringAt(item, "type") === "function_call");
    if (calls && firstAudioMs === undefined) return;
    this.#turn = undefined;
    return { type: "turn", responseId, responseCreatedMs: createdMs!, firstAudioMs, doneMs: sinceMs() };
  }
}
