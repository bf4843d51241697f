// This module is browser compatible.
import { stringAt } from "../../_internal/wire.ts";

/**
 * Bytes per millisecond of the model's or the user's speech in a session with this configuration: 24 samples of two
 * bytes, or 8 of one.
 */
export function bytesPerMs(config: unknown, side: "input" | "output"): number {
  return /pcm[ua]/.test(stringAt(config, "audio", side, "format", "type") ?? "") ? 8 : 48;
}

/** Milliseconds per character of base64. */
export function msPerCharacter(config: unknown, side: "input" | "output" = "output"): number {
  return 0.75 / bytesPerMs(config, side);
}
