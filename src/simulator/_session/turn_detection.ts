// This module is browser compatible.
import type { EffectiveTurnDetection } from "../../protocol/mod.ts";
import { LevelVad } from "./level_vad.ts";

/**
 * Milliseconds of silence after which semantic turn detection, which the simulator has no model for, takes a turn for
 * finished.
 */
const SEMANTIC_SILENCE_MS: Readonly<Record<string, number>> = { low: 1600, medium: 800, auto: 800, high: 400 };

/** Makes what finds the turns that a session is set to find. */
export function createVad(detection: EffectiveTurnDetection, samplesPerMs: number, startMs: number): LevelVad {
  const silenceMs = detection.type === "semantic_vad"
    ? SEMANTIC_SILENCE_MS[detection.eagerness ?? "auto"]
    : detection.silence_duration_ms;
  return new LevelVad({
    threshold: detection.threshold ?? 0.5,
    silenceMs: silenceMs ?? 500,
    samplesPerMs,
    startMs,
  });
}
