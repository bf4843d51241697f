// This module is browser compatible.
import { stringAt, type WireEvent } from "../../_internal/wire.ts";
import { TurnTimer } from "../_parts/turn_timer.ts";
import type { SessionPart } from "../session_part.ts";

/**
 * Measures the user's waiting time for an answer, and publishes a `turn` event for each turn.
 *
 * @category Parts
 */
export function turnMetricsPart(): SessionPart {
  return {
    name: "turn metrics",
    install: (host) => {
      const timer = new TurnTimer(host.clock);
      const receive = (event: WireEvent) => {
        const turn = timer.receive(event);
        if (turn) host.emit(turn);
      };
      return {
        on: {
          "input_audio_buffer.speech_stopped": receive,
          "input_audio_buffer.committed": receive,
          // One that is out of band is no answer.
          "response.created": (event) =>
            host.responses.originOf(stringAt(event.response, "id"))?.inConversation === false || receive(event),
          "response.output_audio.delta": receive,
          "output_audio_buffer.started": receive,
          "response.done": receive,
        },
      };
    },
  };
}
