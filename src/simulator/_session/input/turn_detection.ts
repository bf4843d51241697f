// This module is browser compatible.
import type { EffectiveTurnDetection } from "../../../protocol/mod.ts";
import { LevelVad } from "./level_vad.ts";
import { fixedPause } from "./pause_rule.ts";
import { SemanticPause } from "./semantic_pause.ts";

/** Creates the detector for a session's turn detection. */
export function createVad(detection: EffectiveTurnDetection, samplesPerMs: number, startMs: number): LevelVad {
  const pause = detection.type === "semantic_vad"
    ? new SemanticPause(detection.eagerness)
    : fixedPause(detection.silence_duration_ms ?? 500);
  return new LevelVad({ threshold: detection.threshold ?? 0.5, pause, samplesPerMs, startMs });
}
