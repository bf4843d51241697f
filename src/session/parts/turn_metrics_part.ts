// This module is browser compatible.
import { TurnTimer } from "../_parts/turn_timer.ts";
import type { SessionPart } from "../session_part.ts";

/**
 * Measures how long the user waits for an answer, and publishes a `turn` event for each.
 *
 * @category Parts
 */
export function turnMetricsPart(): SessionPart {
  return {
    name: "turn metrics",
    install: (host) => {
      const timer = new TurnTimer(host.clock);
      return {
        on: {
          "*": (event) => {
            const turn = timer.receive(event);
            if (turn) host.emit(turn);
          },
        },
      };
    },
  };
}
