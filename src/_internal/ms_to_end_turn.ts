// This module is browser compatible.
import { at, stringAt } from "./wire.ts";

/** Longest wait of semantic turn detection by eagerness, in milliseconds. */
const SEMANTIC_WAIT_MS: ReadonlyMap<string, number> = new Map([["low", 8000], ["medium", 4000], ["high", 2000], [
  "auto",
  4000,
]]);

/** Wait of a server that does not report one, in milliseconds. */
const USUAL_WAIT_MS = 500;

/** Longest wait that is accepted from a server, in milliseconds: the client has to generate as much silence. */
const MAX_WAIT_MS = 10_000;

/** Silence that ends a turn with this turn detection, as reported by the server, in milliseconds. */
export function msToEndTurn(turnDetection: unknown): number {
  if (stringAt(turnDetection, "type") === "semantic_vad") {
    return SEMANTIC_WAIT_MS.get(stringAt(turnDetection, "eagerness") ?? "auto") ?? 8000;
  }
  const waitMs = at(turnDetection, "silence_duration_ms");
  return typeof waitMs === "number" && waitMs >= 0 && waitMs <= MAX_WAIT_MS ? waitMs : USUAL_WAIT_MS;
}
